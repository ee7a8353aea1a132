// Where a lead stands, how it came there, and the steps that the law leaves open.
import { api } from './api.js';
import { element } from './element.js';
import { choice, field, formOf } from './form.js';
import { numbersPanel } from './numbers.js';
import { curates } from './session.js';
import { named, said, t } from './texts.js';

const officersOf = ({ by }) => {
  if (by === 'SOFTWARE') return t('by-software');
  return (by?.AGENCY ?? []).map(({ name, cert_no: no }) => t('officer-signed', { name, no })).join(t('list-comma'));
};

const change = (step) =>
  element(
    'li',
    {},
    element('span.when', {}, step.on),
    element('b', {}, named('state', step.to)),
    ' ',
    element('span.fine', {}, officersOf(step)),
    element('p.said', {}, step.reason),
  );

const officer = (index) => {
  const name = element('input', { name: `officer-${index}`, required: true, autocomplete: 'off' });
  const no = element('input', { name: `cert-${index}`, required: true, autocomplete: 'off' });
  const node = element('div.pair', {}, field(t('officer', { index }), name), field(t('cert-no'), no));
  return { node, value: () => ({ name: name.value.trim(), cert_no: no.value.trim() }) };
};

const stepForm = (project, file, changed) => {
  const to = choice(
    file.next_states.map((code) => [code, named('state', code)]),
    { name: 'to' },
  );
  const officers = [officer(1), officer(2)];
  const reason = element('textarea', { name: 'state-reason', rows: 2, required: true });
  const send = async () => {
    await api.advance(project, file.lead.id, { to: to.value, officers: officers.map((one) => one.value()), reason: reason.value });
    await changed();
  };
  return formOf({
    title: t('advance'),
    classes: '.step',
    action: t('advance-send'),
    send,
    fields: [
      element('p.fine', {}, t('agency-files')),
      field(t('next-state'), to),
      officers.map((one) => one.node),
      field(t('reason'), reason),
    ],
  });
};

const filled = ({ label, value }) => [
  element('dt', {}, said(label)),
  value ? element('dd', {}, value) : element('dd.blank', {}, t('blank')),
];

const draft = ({ form }) =>
  form?.fields.length && element('details', {}, element('summary', {}, t('filing-draft')), element('dl.form', {}, form.fields.map(filled)));

/** The panel. */
export const statusPanel = (project, file, changed) => [
  element('h2', {}, t('history')),
  element('ol.history', {}, file.lead.history.map(change)),
  draft(file),
  numbersPanel(project, file, changed),
  curates() && file.next_states.length > 0 && stepForm(project, file, changed),
];
