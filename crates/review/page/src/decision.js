// The decision of an inspector on a finding, and what a second person says of it.
import { api } from './api.js';
import { NEED_REASON, OUTCOMES } from './codes.js';
import { element } from './element.js';
import { choice, field, formOf } from './form.js';
import { curates, who } from './session.js';
import { moment, named, t } from './texts.js';

/** What was written and not yet sent, by lead: it outlives a change of language. */
const drafts = new Map();

const draftOf = (id) => {
  if (!drafts.has(id)) drafts.set(id, { outcome: '', reason: '', permit_no: '', finding: '' });
  return drafts.get(id);
};

const outcomes = (draft, changed) =>
  element(
    'fieldset.outcomes',
    {},
    element('legend', {}, t('outcome')),
    OUTCOMES.map((code, index) => {
      const change = () => {
        draft.outcome = code;
        changed();
      };
      const input = element('input', {
        type: 'radio',
        name: 'outcome',
        value: code,
        required: true,
        checked: draft.outcome === code,
        on: { change },
      });
      return element('label.check', {}, input, named('outcome', code), element('kbd', {}, String(index + 1)));
    }),
  );

const kept = (draft, name, node) => {
  node.value = draft[name];
  node.addEventListener('input', () => {
    draft[name] = node.value;
  });
  return node;
};

const findingChoice = (file, draft) => {
  draft.finding ||= file.lead.findings[0].id;
  const options = file.lead.findings.map((finding) => [finding.id, named('kind', finding.kind)]);
  return kept(draft, 'finding', choice(options, { name: 'finding' }));
};

const decisionForm = (project, file, changed) => {
  const draft = draftOf(file.lead.id);
  const reason = kept(draft, 'reason', element('textarea', { name: 'reason', rows: 3 }));
  const permit = kept(draft, 'permit_no', element('input', { name: 'permit_no' }));
  const permitField = field(t('permit-no'), permit);
  const fit = () => {
    const isPermitted = draft.outcome === 'ALREADY_PERMITTED';
    permitField.hidden = !isPermitted;
    permit.required = isPermitted;
    reason.required = NEED_REASON.includes(draft.outcome);
  };
  fit();
  const send = async () => {
    await api.decide(project, file.lead.id, { ...draft, permit_no: draft.permit_no || undefined });
    drafts.delete(file.lead.id);
    await changed();
  };
  const which = file.lead.findings.length > 1 && field(t('finding'), findingChoice(file, draft));
  draft.finding ||= file.lead.findings[0].id;
  return formOf({
    title: t('decide'),
    classes: '.decision',
    action: t('decide-send'),
    send,
    fields: [which, outcomes(draft, fit), permitField, field(t('reason'), reason, t('reason-hint'))],
  });
};

const secondForm = (decision, changed) => {
  const agreed = choice(
    [
      ['true', t('agree')],
      ['false', t('disagree')],
    ],
    { name: 'agreed' },
  );
  const reason = element('textarea', { name: 'second-reason', rows: 2, required: true });
  const send = async () => {
    await api.second(decision.id, { agreed: agreed.value === 'true', reason: reason.value });
    await changed();
  };
  return formOf({ classes: '.second', action: t('second-send'), send, fields: [field(t('second'), agreed), field(t('reason'), reason)] });
};

const signed = ({ by, at }) => element('span.fine', {}, t('signed', { by, at: moment(at) }));

const secondOf = (decision, changed) => {
  const { second } = decision;
  if (second) return element('p.seconding', {}, second.agreed ? t('agreed') : t('disagreed'), ' ', second.reason, ' ', signed(second));
  if (!curates()) return element('p.fine', {}, t('not-seconded'));
  if (decision.by === who().name) return element('p.fine', {}, t('second-by-other'));
  return secondForm(decision, changed);
};

const findingName = (file, id) => named('kind', file.lead.findings.find((finding) => finding.id === id)?.kind ?? id);

const row = (file, changed) => (decision) =>
  element(
    'li.decided',
    { 'data-decision': decision.id },
    element(
      'p',
      {},
      element('b', {}, named('outcome', decision.outcome)),
      ' ',
      findingName(file, decision.finding),
      ' ',
      decision.permit_no && t('permit', { no: decision.permit_no }),
    ),
    decision.reason && element('p.said', {}, decision.reason),
    element('p', {}, signed(decision)),
    secondOf(decision, changed),
  );

/** The panel: decisions made, and the form for those who may decide. */
export const decisionPanel = (project, file, changed) => [
  file.decisions.length ? element('ol.decisions', {}, file.decisions.map(row(file, changed))) : element('p.notice', {}, t('undecided')),
  curates() && decisionForm(project, file, changed),
];
