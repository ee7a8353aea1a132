// Labelled fields, and forms that send once and say how it went.
import { element } from './element.js';
import { outcomeLine } from './notice.js';

let count = 0;

/** A field with its label, and a hint below. */
export const field = (label, input, hint) => {
  count += 1;
  input.id ||= `field-${count}`;
  const described = hint && element('span.hint', { id: `${input.id}-hint` }, hint);
  if (hint) input.setAttribute('aria-describedby', `${input.id}-hint`);
  return element('div.field', {}, element('label', { for: input.id }, label), input, described);
};

/** A choice between options, each a pair of code and name. */
export const choice = (options, properties) =>
  element(
    'select',
    properties,
    options.map(([code, name]) => element('option', { value: code }, name)),
  );

/** A form; `send` may throw what the server refused. */
export const formOf = ({ title, fields, action, send, classes = '' }) => {
  const outcome = outcomeLine();
  const button = element('button.primary', { type: 'submit' }, action);
  const submit = async (event) => {
    event.preventDefault();
    button.disabled = true;
    outcome.good('');
    try {
      outcome.good((await send()) ?? '');
    } catch (error) {
      outcome.bad(error);
    }
    button.disabled = false;
  };
  return element(
    `form${classes}`,
    { on: { submit } },
    title && element('h2', {}, title),
    fields,
    element('div.actions', {}, button),
    outcome.node,
  );
};
