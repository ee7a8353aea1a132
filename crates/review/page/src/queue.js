// The queue of leads, the most urgent first.
import { api } from './api.js';
import { element, refill } from './element.js';
import { failure, quiet } from './notice.js';
import { filters, queryOf } from './queue_filters.js';
import { leadRow } from './queue_row.js';
import { go } from './router.js';
import { number, t } from './texts.js';

const PAGE = 50;

/** What the queue shows, kept while a lead is open: the next lead is found from here. */
const queue = { rows: [], next: null, matched: null, selected: 0 };

/** The lead `step` places after the one that is open, or null. */
export const beside = (project, id, step) => {
  const at = queue.rows.findIndex((row) => row.project === project && row.id === id);
  return at < 0 ? null : (queue.rows[at + step] ?? null);
};

const load = async (token) => {
  const page = await api.leads({ ...queryOf(), limit: PAGE, token });
  queue.rows = token ? [...queue.rows, ...page.leads] : page.leads;
  queue.next = page.next;
  queue.matched = page.matched ?? null;
  queue.selected = Math.min(queue.selected, Math.max(queue.rows.length - 1, 0));
};

const HEADS = ['priority', 'what', 'verdict', 'presence', 'state', 'dates', 'open'];

const table = (rows) =>
  element(
    'table.queue',
    {},
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        HEADS.map((head) => element('th', { scope: 'col' }, t(`queue-${head}`))),
      ),
    ),
    element('tbody', {}, rows.map(leadRow)),
  );

const countLine = () => {
  const shown = number(queue.rows.length);
  return queue.matched === null || queue.matched === queue.rows.length
    ? t('queue-count', { shown })
    : t('queue-count-of', { shown, matched: number(queue.matched) });
};

const body = (more) => {
  if (!queue.rows.length) return quiet(t('queue-empty'));
  const button = queue.next && element('button', { type: 'button', on: { click: more } }, t('more'));
  return [element('div.scroll', {}, table(queue.rows)), element('p.fine', {}, countLine(), ' ', button)];
};

const select = (place, at) => {
  const rows = [...place.querySelectorAll('tbody tr')];
  if (!rows.length) return;
  queue.selected = Math.min(Math.max(at, 0), rows.length - 1);
  rows.forEach((row, index) => row.toggleAttribute('data-selected', index === queue.selected));
  rows[queue.selected].querySelector('a').focus({ preventScroll: true });
  rows[queue.selected].scrollIntoView({ block: 'nearest' });
};

const open = () => {
  const row = queue.rows[queue.selected];
  if (row) go('leads', row.project, row.id);
};

/** The screen. */
export const queueScreen = async () => {
  const place = element('div.list', { 'aria-live': 'off' });
  const fill = async (token) => {
    try {
      await load(token);
      refill(
        place,
        body(() => fill(queue.next)),
      );
    } catch (error) {
      refill(place, failure(error));
    }
  };
  const bar = filters(() => fill());
  await fill();
  const keys = {
    j: () => select(place, queue.selected + 1),
    k: () => select(place, queue.selected - 1),
    Enter: open,
    '/': () => bar.querySelector('input[type=search]').focus(),
  };
  return {
    keys,
    node: element('section.queue-screen', {}, element('h1', {}, t('screen-leads')), bar, place),
    shown: () => select(place, queue.selected),
  };
};
