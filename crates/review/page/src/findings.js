// What a lead says: each finding with its measure, and what later flights saw of it.
import { verdictMark } from './badge.js';
import { element } from './element.js';
import { measureFigure } from './measure.js';
import { stageText } from './stage_text.js';
import { named, said, t } from './texts.js';

const fact = (label, value) => value && [element('dt', {}, label), element('dd', {}, value)];

const bracket = ({ last_seen_without: without, first_seen_with: withIt }) =>
  without ? t('bracket', { without, with: withIt }) : t('bracket-open', { with: withIt });

const statute = ({ law, article: number, zh, en }) =>
  element('li', {}, /\d/.test(number) ? t('statute', { law, article: number }) : law, ' ', said({ zh, en }));

const saw = ({ epoch, saw: what }) => {
  const code = typeof what === 'string' ? what : what.saw;
  const growing = what.growing ? t('growing') : '';
  return element(
    'li',
    {},
    element('span.when', {}, epoch),
    named('saw', code),
    ' ',
    what.verdict && verdictMark(what.verdict),
    ' ',
    growing,
  );
};

const sightings = (lead, finding) =>
  element(
    'details',
    { open: lead.sightings.length > 1 },
    element('summary', {}, t('sightings')),
    element('ul.sightings', {}, lead.sightings.filter((sighting) => sighting.finding === finding.id).map(saw)),
  );

const standing = (file, finding) => {
  const decisions = file.decisions.filter((decision) => decision.finding === finding.id);
  const last = decisions.at(-1);
  if (!last) return element('p.standing.open', {}, t('undecided'));
  return element(
    'p.standing',
    {},
    t('decided-as', { outcome: named('outcome', last.outcome) }),
    ' ',
    last.second ? t('seconded') : t('not-seconded'),
  );
};

const article = (file) => (finding) =>
  element(
    'article.finding',
    { 'data-finding': finding.id },
    element('h3', {}, named('kind', finding.kind), ' ', verdictMark(finding.verdict)),
    element('p.said', {}, said(finding.explanation)),
    measureFigure(finding.measure, finding.verdict),
    element(
      'dl.facts',
      {},
      fact(t('building'), finding.building_no),
      fact(t('stage'), stageText(finding.stage_lo, finding.stage_hi)),
      fact(t('began'), bracket(finding)),
      fact(t('plan-version'), finding.plan_version),
    ),
    element('ul.statutes', {}, finding.statutes.map(statute)),
    sightings(file.lead, finding),
    standing(file, finding),
  );

const suppressed = ({ suppressed: rows }) =>
  rows?.length &&
  element(
    'section',
    {},
    element('h3', {}, t('suppressed')),
    element(
      'ul',
      {},
      rows.map((row) => element('li', {}, said(row.explanation ?? row))),
    ),
  );

const clock = ({ zh, en, due, law }) =>
  element('li', {}, element('span.when', {}, due), said({ zh, en }), ' ', element('span.fine', {}, law));

const clocks = ({ clocks: rows }) =>
  rows?.length && element('section', {}, element('h3', {}, t('clocks')), element('ul.clocks', {}, rows.map(clock)));

/** The panel. */
export const findingsPanel = (file) => [
  element('p.fine', {}, t('screening-note')),
  file.lead.findings.map(article(file)),
  suppressed(file),
  clocks(file),
];
