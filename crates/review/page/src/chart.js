// Two lines over a distance, with a reading at the pointer.
import { drawn, element } from './element.js';
import { number, t } from './texts.js';

const SIZE = { width: 640, height: 190 };
const RIM = { left: 46, right: 12, top: 18, bottom: 30 };
const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100];

const stepFor = (span, count) => STEPS.find((step) => span / step <= count) ?? 200;

const ticks = ([least, most], count) => {
  const step = stepFor(most - least, count);
  const first = Math.ceil(least / step) * step;
  return Array.from({ length: Math.floor((most - first) / step) + 1 }, (_, i) => first + i * step);
};

const bounds = (values) => {
  const known = values.filter((value) => value !== null);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const rim = Math.max(0.5, (most - least) * 0.08);
  return [least - rim, most + rim];
};

const scaleOf =
  ([least, most], [from, to]) =>
  (value) =>
    from + ((value - least) / (most - least)) * (to - from);

/** A path that is broken where there is no value. */
const path = (points) => {
  let pen = 'M';
  return points
    .map(([x, y]) => {
      if (y === null) {
        pen = 'M';
        return '';
      }
      const step = `${pen}${x.toFixed(1)},${y.toFixed(1)}`;
      pen = 'L';
      return step;
    })
    .join('');
};

const axes = (x, y, xTicks, yTicks) => [
  yTicks.map((value) => [
    drawn('line.grid', { x1: RIM.left, x2: SIZE.width - RIM.right, y1: y(value), y2: y(value) }),
    drawn('text.tick', { x: RIM.left - 6, y: y(value) + 4, 'text-anchor': 'end' }, number(value, 1)),
  ]),
  xTicks.map((value) => [
    drawn('line.grid', { x1: x(value), x2: x(value), y1: RIM.top, y2: SIZE.height - RIM.bottom }),
    drawn('text.tick', { x: x(value), y: SIZE.height - 14, 'text-anchor': 'middle' }, number(value, value % 1 ? 1 : 0)),
  ]),
  drawn('text.axis', { x: SIZE.width - RIM.right, y: SIZE.height - 1, 'text-anchor': 'end' }, t('profile-distance')),
  drawn('text.axis', { x: 2, y: 10 }, t('profile-height')),
];

const reader = (svg, x, data, say) => {
  const line = drawn('line.cursor', { y1: RIM.top, y2: SIZE.height - RIM.bottom, visibility: 'hidden' });
  svg.append(line);
  let at = 0;
  const read = (index) => {
    at = Math.min(data.distance_m.length - 1, Math.max(0, index));
    const place = x(data.distance_m[at]);
    Object.entries({ x1: place, x2: place, visibility: 'visible' }).forEach(([name, value]) => line.setAttribute(name, value));
    say(at);
  };
  svg.addEventListener('pointermove', (event) => {
    const box = svg.getBoundingClientRect();
    const share = (((event.clientX - box.left) / box.width) * SIZE.width - RIM.left) / (SIZE.width - RIM.left - RIM.right);
    read(Math.round(share * (data.distance_m.length - 1)));
  });
  svg.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    read(at + step * (event.shiftKey ? 10 : 1));
  });
};

/** The chart of a profile; `say` hears which sample is read. */
export const profileChart = (data, say) => {
  const lines = [
    ['before', data.before_m],
    ['after', data.after_m],
  ].filter(([, values]) => values);
  const length = data.distance_m.at(-1);
  const heights = bounds(lines.flatMap(([, values]) => values));
  const x = scaleOf([0, length], [RIM.left, SIZE.width - RIM.right]);
  const y = scaleOf(heights, [SIZE.height - RIM.bottom, RIM.top]);
  const svg = drawn(
    'svg.chart',
    { viewBox: `0 0 ${SIZE.width} ${SIZE.height}`, tabindex: 0, role: 'img', 'aria-label': t('profile') },
    axes(x, y, ticks([0, length], 9), ticks(heights, 6)),
    lines.map(([name, values]) =>
      drawn(`path.${name}`, { d: path(values.map((value, i) => [x(data.distance_m[i]), value === null ? null : y(value)])) }),
    ),
  );
  reader(svg, x, data, say);
  return element('div.chart-place', {}, svg);
};
