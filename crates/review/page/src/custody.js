// The custody of each file that a lead cites: digest, what it was made from, who reviewed it.
import { api } from './api.js';
import { element, refill } from './element.js';
import { eventList } from './events.js';
import { choice, field, formOf } from './form.js';
import { failure } from './notice.js';
import { curates, who } from './session.js';
import { named, t } from './texts.js';

const KINDS = ['legal', 'technical'];

const basename = (path) => path.split(/[\\/]/).at(-1);

const digest = (text) => element('code.digest', { title: text }, text);

const reviewLine = (evidence, kind) => {
  const review = evidence[`review_${kind}`];
  const state = review ? t(review.passed ? 'review-passed' : 'review-failed', { by: review.by, on: review.on }) : t('review-none');
  return element(
    'li',
    { 'data-open': !review },
    element('b', {}, t(`review-${kind}`)),
    ' ',
    state,
    review?.reason && element('span.said', {}, ' ', review.reason),
  );
};

const reviewForm = (evidence, kinds, changed) => {
  const kind = choice(
    kinds.map((code) => [code, t(`review-${code}`)]),
    { name: 'kind' },
  );
  const passed = choice(
    [
      ['true', t('pass')],
      ['false', t('fail')],
    ],
    { name: 'passed' },
  );
  const reason = element('input', { name: 'review-reason', required: true });
  const send = async () => {
    await api.review(evidence.sha256, { kind: kind.value, passed: passed.value === 'true', reason: reason.value });
    await changed();
  };
  return element(
    'details.review',
    {},
    element('summary', {}, t('review')),
    formOf({
      action: t('review-send'),
      send,
      fields: [element('div.pair', {}, field(t('review-kind'), kind), field(t('review-result'), passed)), field(t('reason'), reason)],
    }),
  );
};

const open = (evidence) => KINDS.filter((kind) => !evidence[`review_${kind}`]);

const mayReview = (evidence) => curates() && evidence.made_by !== who().name && open(evidence).length > 0;

/** What happened to a thing, asked for when it is opened. */
const traces = (subject, title) => {
  const place = element('div', {});
  const load = async (event) => {
    if (!event.target.open || place.hasChildNodes()) return;
    try {
      refill(place, eventList((await api.custody({ subject })).events));
    } catch (error) {
      refill(place, failure(error));
    }
  };
  return element('details.traces', { on: { toggle: load } }, element('summary', {}, title), place);
};

const from = ({ derived_from: sources, made_with: tool, made_by: by }) => {
  if (!sources.length) return element('p.fine', {}, t('is-original'));
  return element(
    'p.fine',
    {},
    t('made-from'),
    ' ',
    sources.map(digest),
    ' ',
    tool && t('made-with', { tool }),
    ' ',
    by && t('made-by', { by }),
  );
};

const item = (changed) => (evidence) =>
  element(
    'li.evidence',
    { 'data-sha256': evidence.sha256 },
    element('h3', {}, named('what', evidence.what), ' ', element('span.file', {}, basename(evidence.file))),
    element('p.said', {}, evidence.proves),
    element('p.fine', {}, 'SHA-256 ', digest(evidence.sha256)),
    from(evidence),
    element(
      'ul.reviews',
      {},
      KINDS.map((kind) => reviewLine(evidence, kind)),
    ),
    mayReview(evidence) && reviewForm(evidence, open(evidence), changed),
    traces(evidence.sha256, t('custody-events')),
  );

/** The panel. */
export const custodyPanel = (project, file, changed) => [
  element('p.fine', {}, t('evidence-note')),
  traces(`lead:${project}/${file.lead.id}`, t('lead-events')),
  element('ul.evidence-list', {}, file.lead.evidence.map(item(changed))),
];
