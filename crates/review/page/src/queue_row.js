// One lead in the queue.
import { badge, verdictMark } from './badge.js';
import { element } from './element.js';
import { address } from './router.js';
import { named, number, said, t } from './texts.js';

const dates = ({ last_seen_without: without, first_seen_with: withIt }) =>
  [without && t('began-after', { date: without }), t('began-by', { date: withIt })]
    .filter(Boolean)
    .map((text) => element('span.dates', {}, text));

/** Not decided, waiting for a second person, or done. */
const standing = ({ decisions, open_decisions: waiting }) => {
  if (!decisions) return element('span.open', {}, t('undecided-short'));
  return waiting ? element('span.open', {}, t('waiting-second', { count: number(waiting) })) : element('span.done', {}, t('decided'));
};

/** The row; its link opens the lead. */
export const leadRow = (row) => {
  const title = row.kinds.map((kind) => named('kind', kind)).join(t('list-dot'));
  const link = element('a', { href: address('leads', row.project, row.id) }, title);
  return element(
    'tr',
    { 'data-lead': row.id },
    element('td', {}, badge('priority', row.priority)),
    element(
      'td.what',
      {},
      element('div.title', {}, link, row.building_no && element('span.building', {}, row.building_no)),
      element('div.said', {}, said(row.explanation)),
    ),
    element('td', {}, [...new Set(row.verdicts)].map(verdictMark)),
    element('td', {}, named('presence', row.presence)),
    element('td', {}, named('state', row.state)),
    element('td', {}, dates(row)),
    element('td', {}, standing(row)),
  );
};
