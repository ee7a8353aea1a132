// The custody log of the catalog, newest first.
import { api } from './api.js';
import { element, refill } from './element.js';
import { eventList } from './events.js';
import { failure } from './notice.js';
import { number, t } from './texts.js';

/** The server gives events in their order, so many at a time. */
const PAGE = 200;

/** How many events there are: the second line of the log's signed head. */
const sizeOf = (checkpoint) => Number(checkpoint.split('\n')[1]) || 0;

/** What the log calls a thing: a digest stands for its file, a project and a lead for the lead. */
const subjectOf = (text) => (text.includes(':') || !text.includes('/') ? text : `lead:${text}`);

const newestFirst = (events) => events.toSorted((a, b) => b.seq - a.seq);

/** The last page of all events, and the one before it on demand. */
const pageOf = async (end, earlier) => {
  const from = Math.max(0, end - PAGE);
  const { events } = await api.custody({ token: from });
  const shown = newestFirst(events.filter((event) => event.seq < end));
  const button = from > 0 && element('button', { type: 'button', on: { click: () => earlier(from) } }, t('custody-earlier'));
  const range = shown.length > 0 && t('custody-range', { from: number(from), to: number(shown[0].seq) });
  return [eventList(shown), element('p.fine', {}, range, ' ', button)];
};

/** The screen; `subject` narrows it to a file, a lead or an account. */
export const custodyScreen = async (subject = '') => {
  const place = element('div', {});
  const input = element('input', { type: 'search', value: subject, placeholder: t('custody-search'), 'aria-label': t('custody-search') });
  const show = async (content) => {
    try {
      refill(place, await content());
    } catch (error) {
      refill(place, failure(error));
    }
  };
  const before = (end) => show(() => pageOf(end, before));
  const load = () =>
    show(async () => {
      const wanted = input.value.trim();
      if (wanted) return eventList(newestFirst((await api.custody({ subject: subjectOf(wanted) })).events));
      return pageOf(sizeOf(await api.checkpoint()), before);
    });
  input.addEventListener('change', load);
  await load();
  return {
    node: element(
      'section.custody-screen',
      {},
      element('h1', {}, t('screen-custody')),
      element('p.fine', {}, t('custody-note')),
      element('div.filters', {}, input),
      place,
    ),
  };
};
