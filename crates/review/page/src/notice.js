// Short messages: what went wrong, what is being waited for, what there is none of.
import { Refusal } from './api.js';
import { element } from './element.js';
import { t } from './texts.js';

/** Why something failed, in words. */
export const why = (error) => (error instanceof Refusal ? error.why : t('failed', { why: error.message }));

/** A failure in place of what it kept from being shown. */
export const failure = (error) => element('p.notice.bad', { role: 'alert' }, why(error));

/** A quiet line. */
export const quiet = (text) => element('p.notice', {}, text);

/** A line below a form that says how it went. */
export const outcomeLine = () => {
  const node = element('p.outcome', { role: 'status', 'aria-live': 'polite' });
  const say = (text, isBad) => {
    node.textContent = text;
    node.classList.toggle('bad', isBad);
  };
  return { node, good: (text) => say(text, false), bad: (error) => say(typeof error === 'string' ? error : why(error), true) };
};
