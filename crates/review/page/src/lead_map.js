// The map of a lead: both dates side by side behind a swipe, plan, change and outlines above.
import OlMap from 'ol/Map.js';
import View from 'ol/View.js';
import { defaults as defaultControls, ScaleLine } from 'ol/control.js';
import { buffer, createEmpty, extend } from 'ol/extent.js';
import GeoJSON from 'ol/format/GeoJSON.js';
import VectorLayer from 'ol/layer/Vector.js';
import VectorSource from 'ol/source/Vector.js';
import { api } from './api.js';
import { cogLayer } from './cog.js';
import { projectionOf } from './crs.js';
import { element } from './element.js';
import { quiet } from './notice.js';
import { pictures } from './pictures.js';
import { pointer } from './pointer.js';
import { paintRise } from './rise_colours.js';
import { findingStyle, planStyle } from './styles.js';
import { swipe } from './swipe.js';
import { t } from './texts.js';

const AROUND_M = 14;
const FINEST_M = 0.01;

const features = (geometries, projection) =>
  new GeoJSON().readFeatures(
    { type: 'FeatureCollection', features: geometries },
    { dataProjection: 'EPSG:4326', featureProjection: projection },
  );

const outlineLayer = (file, projection) => {
  const verdict = (id) => file.lead.findings.find((finding) => finding.id === id)?.verdict;
  const one = ([id, geometry]) => ({ type: 'Feature', properties: { finding: id, verdict: verdict(id) }, geometry });
  const source = new VectorSource({ features: features(Object.entries(file.findings_geo ?? {}).map(one), projection) });
  return new VectorLayer({ source, zIndex: 30, style: (feature) => findingStyle(feature.get('verdict')) });
};

const planLayer = async (href, projection) => {
  const { features: elements } = await api.json(href);
  return {
    layer: new VectorLayer({ source: new VectorSource({ features: features(elements, projection) }), zIndex: 20, style: planStyle }),
  };
};

const controls = () =>
  defaultControls({
    attribution: false,
    rotate: false,
    zoomOptions: { zoomInTipLabel: t('zoom-in'), zoomOutTipLabel: t('zoom-out') },
  }).extend([new ScaleLine({ minWidth: 80 })]);

const placeOf = (outlines) => {
  const extent = extend(createEmpty(), outlines.getSource().getExtent());
  const size = Math.max(extent[2] - extent[0], extent[3] - extent[1]);
  return buffer(extent, Math.max(AROUND_M, size * 0.5));
};

const order = { before: 1, after: 2, rise: 10, plan: 20 };

/** What there is to show, by name: each a promise of a layer. */
const openings = (file, projection) => {
  const { before, after, plan } = file;
  const has = (name, href, open) => (href ? [[name, open(href)]] : []);
  return [
    ...has('before', before?.ortho, (href) => cogLayer(href, projection)),
    ...has('after', after?.ortho, (href) => cogLayer(href, projection)),
    ...has('rise', after?.rise, (href) => cogLayer(href, projection, paintRise)),
    ...has('plan', plan, (href) => planLayer(href, projection)),
  ];
};

const emptyMap = (target, projection, outlines) => {
  const view = new View({ projection, minResolution: FINEST_M, showFullExtent: true });
  const map = new OlMap({ target, view, controls: controls(), layers: [outlines] });
  view.fit(placeOf(outlines), { size: map.getSize() ?? [800, 600] });
  return map;
};

/** Adds a layer once it has been opened; one that cannot be opened is said so in its switch. */
const addWhenOpen = async (map, name, opening, layers, failed) => {
  try {
    const { layer } = await opening;
    layer.setZIndex(order[name]);
    layer.setVisible(name !== 'rise');
    layers[name] = layer;
    map.addLayer(layer);
  } catch (error) {
    failed(name, error);
  }
};

/** Waits until everything that is shown has been drawn. */
const rendered = (map) =>
  new Promise((resolve) => {
    map.once('rendercomplete', resolve);
    map.render();
  });

/** The map, once it stands in the page: `start` opens it. `failed` hears of layers that cannot be shown. */
export const leadMap = (file, failed) => {
  const projection = projectionOf(file.crs);
  if (!projection || !(file.before?.ortho || file.after?.ortho)) {
    return { node: element('div.map-place', {}, quiet(t('no-orthophoto')), pictures(file)), start: async () => null, leave: () => {} };
  }
  const target = element('div.map', { tabindex: 0, role: 'application', 'aria-label': t('map') });
  const node = element('div.map-place', {}, target);
  const shown = { node, layers: {}, projection, map: null };
  shown.start = async () => {
    const outlines = outlineLayer(file, projection);
    const map = emptyMap(target, projection, outlines);
    Object.assign(shown, { map });
    shown.layers.outlines = outlines;
    node.append(swipe(map, file), pointer(map, projection));
    await Promise.all(openings(file, projection).map(([name, opening]) => addWhenOpen(map, name, opening, shown.layers, failed)));
    await rendered(map);
    node.setAttribute('data-complete', Math.round(performance.now()));
  };
  shown.leave = () => shown.map?.setTarget(null);
  return shown;
};
