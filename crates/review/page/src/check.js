// The check of a flight in words: will it do, and what has to be flown again.
import { element } from './element.js';
import { named, number, said, t } from './texts.js';

/** Problems that another pass over the place cures. */
const FLY_AGAIN = ['BLURRED', 'BAD_EXPOSURE', 'LOW_OVERLAP', 'TIME_GAP', 'UNREADABLE', 'TRUNCATED', 'UNDECODABLE', 'NO_POSITION'];

/** Whether the will-it-do of the check is yes, perhaps or no. */
export const checkVerdict = ({ summary }) =>
  element(
    'div.will',
    { 'data-code': summary.georeference },
    element('p.large', {}, named('will', summary.georeference)),
    element(
      'ul',
      {},
      (summary.reasons ?? []).map((reason) => element('li', {}, said(reason))),
    ),
  );

const percent = (share) => (share === null || share === undefined ? '–' : t('percent', { value: number(100 * share) }));

const fact = ([name, value]) => [element('dt', {}, t(`check-${name}`)), element('dd', {}, value)];

/** The figures of the check. */
export const checkFacts = ({ summary }) =>
  element(
    'dl.facts',
    {},
    [
      ['files', number(summary.files)],
      ['usable', number(summary.usable)],
      ['forward', percent(summary.forward_overlap)],
      ['side', percent(summary.side_overlap)],
      ['rtk', percent(summary.rtk_fixed)],
      ['gsd', summary.gsd_m ? t('centimetres', { value: number(100 * summary.gsd_m, 1) }) : '–'],
      ['area', summary.area_m2 ? t('hectares', { value: number(summary.area_m2 / 1e4, 2) }) : '–'],
    ].map(fact),
  );

const problem = (map) => (row) =>
  element(
    'li.problem',
    { 'data-kind': row.kind },
    element('button.link', { type: 'button', on: { click: () => map.show(row.photo) } }, row.photo),
    ' ',
    element('b', {}, named('problem', row.kind)),
    row.leave_out && element('span.badge', {}, t('left-out')),
    element('p.said', {}, said(row.message)),
    element('p.fine', {}, said(row.remedy)),
  );

/** What to fly again, and below it what else is wrong. */
export const problemList = ({ problems }, map) => {
  const again = problems.filter((row) => FLY_AGAIN.includes(row.kind));
  const rest = problems.filter((row) => !FLY_AGAIN.includes(row.kind));
  const gaps = map.gaps > 0 && element('p.notice.bad', {}, t('gaps', { area: number(map.gaps) }));
  return [
    gaps,
    again.length ? element('ul.problems', {}, again.map(problem(map))) : !gaps && element('p.notice', {}, t('nothing-to-fly-again')),
    rest.length > 0 && [element('h3', {}, t('also-wrong')), element('ul.problems', {}, rest.map(problem(map)))],
  ];
};
