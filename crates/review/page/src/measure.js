// What was measured beside its limit, drawn small: the band in which nothing is decided, and the measure with its spread.
import { drawn, element } from './element.js';
import { named, number, t } from './texts.js';

/** Factor of the guard band: 95 % on one side. */
const GUARD = 1.645;
const WIDTH = 320;
const MIDDLE = 32;

const DECIMALS = { METRE: 2, SQUARE_METRE: 1, STOREY: 0, DAY: 0 };

const drawing = ({ measured, sigma, limit }) => {
  const guard = GUARD * sigma;
  const values = [measured - 2 * guard, measured + 2 * guard, limit - 2 * guard, limit + 2 * guard];
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const rim = (most - least) * 0.06 || 1;
  const x = (value) => 8 + ((value - least + rim) / (most - least + 2 * rim)) * (WIDTH - 16);
  return [
    drawn('line.axis', { x1: 4, x2: WIDTH - 4, y1: MIDDLE, y2: MIDDLE }),
    drawn('rect.guard', { x: x(limit - guard), y: MIDDLE - 11, width: Math.max(2, x(limit + guard) - x(limit - guard)), height: 22 }),
    drawn('line.limit', { x1: x(limit), x2: x(limit), y1: MIDDLE - 15, y2: MIDDLE + 15 }),
    drawn('line.spread', { x1: x(measured - guard), x2: x(measured + guard), y1: MIDDLE, y2: MIDDLE }),
    drawn('circle.measured', { cx: x(measured), cy: MIDDLE, r: 5 }),
    drawn('text.tick', { x: x(limit), y: MIDDLE - 18, 'text-anchor': anchor(x(limit)) }, t('limit')),
    drawn('text.tick', { x: x(measured), y: MIDDLE + 26, 'text-anchor': anchor(x(measured)) }, t('measured')),
  ];
};

const anchor = (x) => (x < 40 ? 'start' : x > WIDTH - 40 ? 'end' : 'middle');

/** The measure in words. */
export const measureText = ({ measured, sigma, limit, unit }) => {
  const decimals = DECIMALS[unit] ?? 2;
  const name = named('unit', unit);
  return t('measure', {
    measured: number(measured, decimals),
    sigma: number(sigma, Math.max(decimals, 2)),
    limit: number(limit, decimals),
    unit: name,
  });
};

/** The measure in words and drawn. */
export const measureFigure = (measure, verdict) =>
  element(
    'figure.measure',
    { 'data-code': verdict },
    element('figcaption', {}, measureText(measure)),
    drawn('svg', { viewBox: `0 0 ${WIDTH} 64`, role: 'img', 'aria-label': measureText(measure) }, drawing(measure)),
  );
