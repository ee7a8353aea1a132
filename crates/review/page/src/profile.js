// Heights along a line across a wall, at both dates.
import Draw from 'ol/interaction/Draw.js';
import Feature from 'ol/Feature.js';
import LineString from 'ol/geom/LineString.js';
import VectorLayer from 'ol/layer/Vector.js';
import VectorSource from 'ol/source/Vector.js';
import { api } from './api.js';
import { profileChart } from './chart.js';
import { lonLatOf } from './crs.js';
import { element, refill } from './element.js';
import { failure } from './notice.js';
import { lineStyle } from './styles.js';
import { number, t } from './texts.js';

const BEYOND = 0.35;

/** A line through the middle of an extent, a good way beyond both sides. */
const across = ([west, south, east, north]) => {
  const y = (south + north) / 2;
  const beyond = (east - west) * BEYOND;
  return new LineString([
    [west - beyond, y],
    [east + beyond, y],
  ]);
};

const reading = (data, at) => {
  const [before, after] = [data.before_m?.[at] ?? null, data.after_m?.[at] ?? null];
  const change = before === null || after === null ? null : after - before;
  const values = {
    distance: number(data.distance_m[at], 1),
    before: number(before, 2),
    after: number(after, 2),
    change: number(change, 2),
  };
  return t('profile-reading', values);
};

const widest = (data) => {
  const changes = data.distance_m.map((_, i) => Math.abs((data.after_m?.[i] ?? NaN) - (data.before_m?.[i] ?? NaN)));
  return changes.reduce((best, change, i) => (change > (changes[best] || 0) ? i : best), 0);
};

const answerOf = (data, file) => {
  const output = element('output.reading', { 'aria-live': 'polite' }, reading(data, widest(data)));
  const chart = profileChart(data, (at) => {
    output.textContent = reading(data, at);
  });
  const key = (name, epoch) => epoch && element(`span.key.${name}`, {}, t(name, { date: epoch.date }));
  return [element('div.keys-line', {}, key('before', file.before), key('after', file.after), output), chart];
};

/** The tool: its buttons, and the place of its chart. */
export const profileTool = (project, file, shown) => {
  const source = new VectorSource();
  const place = element('div.profile-place', { hidden: true });
  const ask = async (line) => {
    const ends = [line.getFirstCoordinate(), line.getLastCoordinate()].map((point) =>
      lonLatOf(point, shown.projection)
        .map((value) => value.toFixed(8))
        .join(','),
    );
    place.hidden = false;
    try {
      refill(place, answerOf(await api.profile(project, file.lead.id, ...ends), file));
    } catch (error) {
      refill(place, failure(error));
    }
  };
  const tool = { place, source, ask, draw: null };
  tool.buttons = buttons(tool, shown);
  return tool;
};

const buttons = (tool, shown) => {
  const draw = element(
    'button',
    { type: 'button', 'aria-pressed': 'false', on: { click: () => drawLine(tool, shown, draw) } },
    t('profile-draw'),
  );
  const finding = element('button', { type: 'button', on: { click: () => acrossFinding(tool, shown) } }, t('profile-across'));
  return element('div.tools', {}, finding, draw);
};

const onMap = (tool, shown) => {
  if (tool.layer || !shown.map) return;
  tool.layer = new VectorLayer({ source: tool.source, zIndex: 40, style: lineStyle });
  shown.map.addLayer(tool.layer);
};

const acrossFinding = (tool, shown) => {
  onMap(tool, shown);
  tool.source.clear();
  const line = across(shown.layers.outlines.getSource().getExtent());
  tool.source.addFeature(new Feature(line));
  return tool.ask(line);
};

const drawLine = (tool, shown, button) => {
  onMap(tool, shown);
  const stop = () => {
    shown.map.removeInteraction(tool.draw);
    tool.draw = null;
    button.setAttribute('aria-pressed', 'false');
  };
  if (tool.draw) return stop();
  button.setAttribute('aria-pressed', 'true');
  tool.draw = new Draw({ source: tool.source, type: 'LineString', maxPoints: 2, style: lineStyle });
  tool.draw.on('drawstart', () => tool.source.clear());
  tool.draw.on('drawend', ({ feature }) => {
    stop();
    tool.ask(feature.getGeometry());
  });
  return shown.map.addInteraction(tool.draw);
};
