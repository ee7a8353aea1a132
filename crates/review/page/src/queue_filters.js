// What the queue is narrowed to.
import { KINDS, PRESENCES, PRIORITIES, STATES } from './codes.js';
import { element } from './element.js';
import { choice } from './form.js';
import { named, t } from './texts.js';

const WAIT_MS = 250;

const chosen = { priority: '', kind: '', state: '', presence: '', q: '', undecided: false };

/** The filters as the route takes them. */
export const queryOf = () => ({ ...chosen, undecided: chosen.undecided ? 'true' : '' });

const codes = (name, family, all, changed) => {
  const options = [['', t(`any-${name}`)], ...all.map((code) => [code, named(family, code)])];
  const change = (event) => {
    chosen[name] = event.target.value;
    changed();
  };
  return choice(options, { value: chosen[name], name, 'aria-label': t(`any-${name}`), on: { change } });
};

const search = (changed) => {
  let timer = 0;
  const input = (event) => {
    chosen.q = event.target.value.trim();
    clearTimeout(timer);
    timer = setTimeout(changed, WAIT_MS);
  };
  const leave = (event) => event.key === 'Escape' && event.target.blur();
  return element('input', {
    type: 'search',
    value: chosen.q,
    placeholder: t('search'),
    'aria-label': t('search'),
    on: { input, keydown: leave },
  });
};

const undecided = (changed) => {
  const change = (event) => {
    chosen.undecided = event.target.checked;
    changed();
  };
  return element(
    'label.check',
    {},
    element('input', { type: 'checkbox', name: 'undecided', checked: chosen.undecided, on: { change } }),
    t('undecided-only'),
  );
};

/** The bar of filters; `changed` is called after each change. */
export const filters = (changed) =>
  element(
    'div.filters',
    { role: 'search' },
    search(changed),
    codes('priority', 'priority', PRIORITIES, changed),
    codes('kind', 'kind', KINDS, changed),
    codes('state', 'state', STATES, changed),
    codes('presence', 'presence', PRESENCES, changed),
    undecided(changed),
  );
