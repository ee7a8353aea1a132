// The numbers of a case's documents: each is the next of its series, and one that was given up is never given again.
import { api } from './api.js';
import { element } from './element.js';
import { choice, field, formOf } from './form.js';
import { curates } from './session.js';
import { moment, said, t } from './texts.js';

const row = (file) => (taken) => {
  const paper = file.papers.find((known) => known.code === taken.paper);
  return element(
    'li',
    {},
    element(taken.void ? 's' : 'b', {}, taken.number),
    ' ',
    said(paper),
    ' ',
    element('span.fine', {}, t('signed', { by: taken.by, at: moment(taken.at) })),
    taken.void && element('p.said', {}, t('number-void', { by: taken.void.by, reason: taken.void.reason })),
  );
};

const takeForm = (project, file, changed) => {
  const papers = choice(
    file.papers.map((paper) => [paper.code, said(paper)]),
    { name: 'paper' },
  );
  const send = async () => {
    await api.takeNumber(project, file.lead.id, papers.value);
    await changed();
  };
  return formOf({ classes: '.number', action: t('number-take'), send, fields: [field(t('paper'), papers)] });
};

const voidForm = (living, changed) => {
  const number = choice(
    living.map((taken) => [taken.number, taken.number]),
    { name: 'number' },
  );
  const reason = element('input', { name: 'void-reason', required: true, autocomplete: 'off' });
  const send = async () => {
    await api.voidNumber(number.value, reason.value);
    await changed();
  };
  const form = formOf({
    classes: '.number',
    action: t('number-give-up'),
    send,
    fields: [field(t('number'), number), field(t('reason'), reason)],
  });
  return element('details', {}, element('summary', {}, t('number-give-up')), form);
};

/** The panel. */
export const numbersPanel = (project, file, changed) => {
  const living = file.numbers.filter((taken) => !taken.void);
  return element(
    'section',
    {},
    element('h2', {}, t('numbers')),
    element('ul.history', {}, file.numbers.map(row(file))),
    curates() && takeForm(project, file, changed),
    curates() && living.length > 0 && voidForm(living, changed),
  );
};
