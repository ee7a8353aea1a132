// The custody log of the catalog, newest first.
import { api } from './api.js';
import { element, refill } from './element.js';
import { eventList } from './events.js';
import { failure } from './notice.js';
import { t } from './texts.js';

/** The screen; `subject` narrows it to a file, a lead or an account. */
export const custodyScreen = async (subject = '') => {
  const place = element('div', {});
  const input = element('input', { type: 'search', value: subject, placeholder: t('custody-search'), 'aria-label': t('custody-search') });
  const load = async () => {
    try {
      const answer = await api.custody({ subject: input.value.trim() });
      refill(place, eventList((answer.events ?? answer).toSorted((a, b) => b.seq - a.seq)));
    } catch (error) {
      refill(place, failure(error));
    }
  };
  input.addEventListener('change', load);
  await load();
  return { node: element('section.custody-screen', {}, element('h1', {}, t('screen-custody')), element('p.fine', {}, t('custody-note')), element('div.filters', {}, input), place) };
};
