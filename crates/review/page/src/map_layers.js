// Switches of the map's layers, and what their colours mean.
import { drawn, element } from './element.js';
import { CLASSES } from './rise_colours.js';
import { PLAN_KINDS } from './styles.js';
import { named, number, t } from './texts.js';

const NAMES = ['before', 'after', 'outlines', 'plan', 'rise'];

const rgb = (colour) => `rgb(${colour.join(' ')})`;

const swatch = (colour) =>
  drawn('svg.swatch', { viewBox: '0 0 16 10', 'aria-hidden': 'true' }, drawn('rect', { width: 16, height: 10, fill: colour }));

const stroke = ({ color, dash }) =>
  drawn(
    'svg.swatch.dark',
    { viewBox: '0 0 24 10', 'aria-hidden': 'true' },
    drawn('line', { x1: 1, x2: 23, y1: 5, y2: 5, stroke: color, 'stroke-width': 2.5, 'stroke-dasharray': dash?.join(' ') }),
  );

const entry = (mark, text) => element('li', {}, mark, text);

const riseLegend = () => [
  ...CLASSES.toReversed().map(({ least, up }) => entry(swatch(rgb(up)), t('rise-up', { metres: number(least, 1) }))),
  ...CLASSES.map(({ least, down }) => entry(swatch(rgb(down)), t('rise-down', { metres: number(least, 1) }))),
];

const planLegend = () => PLAN_KINDS.map((row) => entry(stroke(row), named('plan', row.kind)));

const LEGENDS = { rise: riseLegend, plan: planLegend };

const toggle = (shown, name, legend) => {
  const input = element('input', { type: 'checkbox', name: `layer-${name}`, checked: name !== 'rise' });
  input.addEventListener('change', () => {
    shown.layers[name]?.setVisible(input.checked);
    legend?.toggleAttribute('hidden', !input.checked);
  });
  return element('label.check', { 'data-layer': name }, input, t(`layer-${name}`));
};

const row = (shown, name) => {
  const legend = LEGENDS[name] && element('ul.legend', { hidden: name === 'rise' }, LEGENDS[name]());
  return element('div.layer', {}, toggle(shown, name, legend), legend);
};

/** The box of switches for the layers that a lead has. */
export const layerSwitches = (shown, file) => {
  const has = { before: file.before?.ortho, after: file.after?.ortho, outlines: true, plan: file.plan, rise: file.after?.rise };
  const node = element(
    'details.layers',
    {},
    element('summary', {}, t('layers')),
    NAMES.filter((name) => has[name]).map((name) => row(shown, name)),
  );
  const failed = (name) => {
    const label = node.querySelector(`[data-layer=${name}]`);
    label?.append(element('span.bad', {}, t('not-loaded')));
    label?.querySelector('input').setAttribute('disabled', '');
  };
  return { node, failed };
};
