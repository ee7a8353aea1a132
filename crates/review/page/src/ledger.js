// The books over all dates: stages, sites flown, trends.
import { api } from './api.js';
import { barRow } from './bars.js';
import { element } from './element.js';
import { failure, quiet } from './notice.js';
import { address } from './router.js';
import { stageText, stepsText } from './stage_text.js';
import { named, number, t } from './texts.js';

const BOOKS = ['stages', 'coverage', 'trends'];

const text = (value) => value ?? '–';
const yes = (value) => t(value ? 'yes' : 'no');

const interval = (lo, hi) => (lo === hi ? text(lo) : t('range', { from: text(lo), to: text(hi) }));

/** Columns of each book: head, how a cell is made, whether it is a number. */
const COLUMNS = {
  stages: [
    ['building', (row) => row.building_no],
    ['on', (row) => row.on],
    ['stage', (row) => stageText(row.stage_lo, row.stage_hi) || named('unseen', row.reason ?? row.outcome)],
    ['storeys', (row) => t('of', { part: interval(row.storeys_lo, row.storeys_hi), whole: text(row.storeys_approved) }), true],
    ['deck', (row) => (row.deck_m === null ? '–' : t('plus-minus', { value: number(row.deck_m, 2), u: number(row.u_deck_m, 2) })), true],
    ['passed', (row) => stepsText('record', row.passed)],
    ['mismatches', (row) => stepsText('kind', row.mismatches)],
  ],
  coverage: [
    ['site', (row) => row.site],
    ['on', (row) => row.on],
    ['share', (row) => t('percent', { value: number(100 * row.share) }), true],
    ['flown', (row) => yes(row.flown)],
    ['open', (row) => yes(row.open)],
    ['unflown', (row) => number(row.days_unflown), true],
    ['overdue', (row) => yes(row.overdue)],
    ['buildings', (row) => (row.buildings ?? '').split(';').join(t('list-comma'))],
  ],
  trends: [
    ['month', (row) => row.month],
    ['area', (row) => text(row.area)],
    ['kind', (row) => named('kind', row.kind)],
    ['opened', (row) => number(row.opened), true],
    ['closed', (row) => number(row.closed), true],
    ['still-open', (row) => number(row.open), true],
    ['confirmed', (row) => number(row.confirmed), true],
  ],
};

const grouped = (rows, key, value) => {
  const sums = new Map();
  rows.forEach((row) => sums.set(key(row), (sums.get(key(row)) ?? 0) + value(row)));
  return [...sums].sort(([, a], [, b]) => b - a);
};

const latest = (rows, key) => [...new Map(rows.toSorted((a, b) => a.on.localeCompare(b.on)).map((row) => [key(row), row])).values()];

const storeyShare = (row) => [row.building_no, row.storeys_approved ? (row.storeys_hi ?? 0) / row.storeys_approved : 0];

/** A small drawing above each table: pairs of name and value. */
const CHARTS = {
  stages: (rows) => ({ title: t('chart-stages'), pairs: latest(rows, (row) => row.building_no).map(storeyShare), percent: true }),
  coverage: (rows) => ({
    title: t('chart-coverage'),
    pairs: latest(rows, (row) => row.site).map((row) => [row.site, row.share]),
    percent: true,
  }),
  trends: (rows) => ({
    title: t('chart-trends'),
    pairs: grouped(
      rows,
      (row) => named('kind', row.kind),
      (row) => row.open,
    ),
  }),
};

const chart = (book, rows) => {
  const { title, pairs, percent } = CHARTS[book](rows);
  const most = Math.max(1, ...pairs.map(([, value]) => value));
  const label = (value) => (percent ? t('percent', { value: number(100 * value) }) : number(value));
  return element(
    'figure.bars',
    {},
    element('figcaption', {}, title),
    pairs.map(([name, value]) => barRow(name, value / most, label(value))),
  );
};

const table = (book, rows) => {
  const columns = COLUMNS[book];
  const cell =
    (row) =>
    ([, make, isNumber]) =>
      element(isNumber ? 'td.count' : 'td', {}, make(row));
  return element(
    'div.scroll',
    {},
    element(
      'table',
      {},
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          columns.map(([name, , isNumber]) => element(isNumber ? 'th.count' : 'th', { scope: 'col' }, t(`${book}-${name}`))),
        ),
      ),
      element(
        'tbody',
        {},
        rows.map((row) => element('tr', {}, columns.map(cell(row)))),
      ),
    ),
  );
};

const content = async (book) => {
  try {
    const answer = await api.book(book);
    const rows = answer.rows ?? answer;
    return rows.length ? [chart(book, rows), table(book, rows)] : quiet(t('no-rows'));
  } catch (error) {
    return failure(error);
  }
};

/** The screen of one of the books. */
export const ledgerScreen = async (wanted = BOOKS[0]) => {
  const book = BOOKS.includes(wanted) ? wanted : BOOKS[0];
  const link = (name) => element('a', { href: address('ledger', name), 'aria-current': name === book ? 'page' : null }, t(`book-${name}`));
  const node = element(
    'section.ledger-screen',
    {},
    element('h1', {}, t('screen-ledger')),
    element('nav.books', { 'aria-label': t('screen-ledger') }, BOOKS.map(link)),
    await content(book),
  );
  return { node };
};
