// Every stored file, the catalog and the log checked against one another.
import { api } from './api.js';
import { element, refill } from './element.js';
import { failure, quiet } from './notice.js';
import { number, said, t } from './texts.js';

const sentence = (fault) => (typeof fault === 'string' ? fault : said(fault.explanation ?? fault) || JSON.stringify(fault));

const fault = (row) => element('li', {}, element('b', {}, row.kind ?? row.code ?? ''), ' ', sentence(row));

const result = ({ faults, checked, checkpoint }) => [
  faults.length
    ? element('p.will', { 'data-code': 'NO' }, t('verify-faults', { count: number(faults.length) }))
    : element('p.will', { 'data-code': 'YES' }, t('verify-sound')),
  checked &&
    element(
      'dl.facts',
      {},
      Object.entries(checked).map(([name, count]) => [element('dt', {}, t(`verified-${name}`)), element('dd', {}, number(count))]),
    ),
  faults.length > 0 && element('ul.problems', {}, faults.map(fault)),
  checkpoint && [element('h3', {}, t('checkpoint')), element('pre.log', { tabindex: 0 }, checkpoint)],
];

/** The screen. */
export const verifyScreen = () => {
  const place = element('div', { 'aria-live': 'polite' });
  const click = async () => {
    button.disabled = true;
    refill(place, quiet(t('verifying')));
    try {
      refill(place, result(await api.verify()));
    } catch (error) {
      refill(place, failure(error));
    }
    button.disabled = false;
  };
  const button = element('button.primary', { type: 'button', on: { click } }, t('verify-now'));
  return {
    node: element(
      'section.verify-screen',
      {},
      element('h1', {}, t('screen-verify')),
      element('p.fine', {}, t('verify-note')),
      button,
      place,
    ),
  };
};
