// Events of the custody log as a list.
import { element } from './element.js';
import { moment, named, t } from './texts.js';

const detail = (value) => (value && Object.keys(value).length ? JSON.stringify(value) : null);

/** Whether the subject is the file itself: its digest says so already. */
const isOf = ({ subject, sha256 }) => Boolean(sha256 && subject.endsWith(sha256));

const row = (event) =>
  element(
    'tr',
    {},
    element('td.count', {}, String(event.seq)),
    element('td', {}, moment(event.at)),
    element('td', {}, event.by),
    element('td', {}, named('action', event.action)),
    element(
      'td.subject',
      {},
      isOf(event) ? null : event.subject,
      event.sha256 && element('code.digest', { title: event.sha256 }, event.sha256),
    ),
    element('td.detail', {}, detail(event.detail)),
  );

const HEADS = ['seq', 'at', 'by', 'action', 'subject', 'detail'];

/** A table of events. */
export const eventList = (events) => {
  if (!events.length) return element('p.notice', {}, t('no-events'));
  return element(
    'div.scroll',
    {},
    element(
      'table.events',
      {},
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          HEADS.map((head) => element(head === 'seq' ? 'th.count' : 'th', { scope: 'col' }, t(`event-${head}`))),
        ),
      ),
      element('tbody', {}, events.map(row)),
    ),
  );
};
