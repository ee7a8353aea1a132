// The map of a flight: how often each place was seen, where the photos were taken, which of them are no good.
import OlMap from 'ol/Map.js';
import View from 'ol/View.js';
import { defaults as defaultControls, ScaleLine } from 'ol/control.js';
import Feature from 'ol/Feature.js';
import LineString from 'ol/geom/LineString.js';
import Point from 'ol/geom/Point.js';
import Polygon from 'ol/geom/Polygon.js';
import ImageLayer from 'ol/layer/Image.js';
import VectorLayer from 'ol/layer/Vector.js';
import Projection from 'ol/proj/Projection.js';
import ImageCanvas from 'ol/source/ImageCanvas.js';
import VectorSource from 'ol/source/Vector.js';
import { Circle, Fill, Stroke, Style } from 'ol/style.js';
import { coverageOf } from './coverage.js';
import { drawn, element } from './element.js';
import { footprint, metres } from './footprint.js';
import { quiet } from './notice.js';
import { t } from './texts.js';

/** Least number of photos of a class, its colour, its name. */
const CLASSES = [
  { least: 1, colour: [203, 74, 60], name: 'seen-1' },
  { least: 3, colour: [240, 190, 110], name: 'seen-3' },
  { least: 5, colour: [168, 206, 172], name: 'seen-5' },
  { least: 8, colour: [92, 158, 110], name: 'seen-8' },
];

const painted = ({ counts, columns, rows }) => {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [columns, rows];
  const image = new ImageData(columns, rows);
  counts.forEach((count, cell) => {
    const found = CLASSES.findLast(({ least }) => count >= least);
    if (found) image.data.set([...found.colour, 235], cell * 4);
  });
  canvas.getContext('2d').putImageData(image, 0, 0);
  return canvas;
};

/** The grid stretched over the part of the map that is shown. */
const gridLayer = (coverage, projection) => {
  const grid = painted(coverage);
  const [west, , east, north] = coverage.extent;
  const canvasFunction = (extent, resolution, ratio, size) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = size;
    const scale = ratio / resolution;
    const cell = ((east - west) / coverage.columns) * scale;
    const context = canvas.getContext('2d');
    context.imageSmoothingEnabled = false;
    context.drawImage(grid, (west - extent[0]) * scale, (extent[3] - north) * scale, cell * coverage.columns, cell * coverage.rows);
    return canvas;
  };
  return new ImageLayer({ source: new ImageCanvas({ canvasFunction, projection, ratio: 1 }) });
};

const dot = (fill, radius) =>
  new Style({ image: new Circle({ radius, fill: new Fill({ color: fill }), stroke: new Stroke({ color: '#fff', width: 1.5 }) }) });

const STATION = dot('#1b2227', 3.5);
const BAD = dot('#b3261e', 6.5);
const PATH = new Style({ stroke: new Stroke({ color: 'rgba(27,34,39,.45)', width: 1 }) });
const CHOSEN = new Style({ stroke: new Stroke({ color: '#0b4f6c', width: 2.5 }), fill: new Fill({ color: 'rgba(11,79,108,.12)' }) });

const placed = (check) => {
  const photos = check.photos.filter((photo) => photo.position?.lla);
  if (!photos.length) return null;
  const origin = photos[0].position.lla;
  const ground = Math.min(...photos.map((photo) => photo.position.lla.height_m)) - 100;
  const bad = new Set(check.problems.map((problem) => problem.photo));
  return photos.map((photo) => ({
    name: photo.name,
    isBad: bad.has(photo.name),
    at: metres(origin, photo.position.lla),
    ring: footprint(photo, origin, ground),
  }));
};

const stationLayer = (photos) => {
  const path = new Feature(new LineString(photos.map((photo) => photo.at)));
  path.setStyle(PATH);
  const dots = photos.map((photo) => {
    const feature = new Feature(new Point(photo.at));
    feature.setStyle(photo.isBad ? BAD : STATION);
    return feature;
  });
  return new VectorLayer({ source: new VectorSource({ features: [path, ...dots] }) });
};

const legend = () =>
  element(
    'ul.legend.boxed',
    {},
    CLASSES.map(({ colour, name }) =>
      element(
        'li',
        {},
        drawn(
          'svg.swatch',
          { viewBox: '0 0 16 10', 'aria-hidden': 'true' },
          drawn('rect', { width: 16, height: 10, fill: `rgb(${colour.join(' ')})` }),
        ),
        t(name),
      ),
    ),
  );

const build = (target, photos, coverage) => {
  const projection = new Projection({ code: 'flight', units: 'm', extent: coverage.extent });
  const chosen = new VectorLayer({ source: new VectorSource(), style: CHOSEN });
  const controls = defaultControls({
    attribution: false,
    rotate: false,
    zoomOptions: { zoomInTipLabel: t('zoom-in'), zoomOutTipLabel: t('zoom-out') },
  });
  const map = new OlMap({
    target,
    controls: controls.extend([new ScaleLine({ minWidth: 80 })]),
    layers: [gridLayer(coverage, projection), stationLayer(photos), chosen],
    view: new View({ projection, center: [0, 0], resolution: 1, showFullExtent: true }),
  });
  map.getView().fit(coverage.extent, { padding: [16, 16, 16, 16] });
  map.once('rendercomplete', () => target.setAttribute('data-rendered', ''));
  return { map, chosen };
};

/** The map; `show` frames a photo, `gaps` is the area between the stations that too few photos show. */
export const coverageMap = (check) => {
  const photos = placed(check);
  const rings = photos?.map((photo) => photo.ring).filter(Boolean) ?? [];
  if (!rings.length) return { node: quiet(t('no-positions')), gaps: 0, start: () => {}, leave: () => {}, show: () => {} };
  const coverage = coverageOf(
    rings,
    photos.map((photo) => photo.at),
  );
  const target = element('div.map.plain', { tabindex: 0, role: 'application', 'aria-label': t('coverage') });
  const node = element('div.map-fill', {}, target, legend());
  const shown = {};
  const show = (name) => {
    const photo = photos.find((one) => one.name === name);
    shown.chosen.getSource().clear();
    if (photo?.ring) shown.chosen.getSource().addFeature(new Feature(new Polygon([[...photo.ring, photo.ring[0]]])));
  };
  return {
    node,
    gaps: Math.round(coverage.gapArea),
    show,
    start: () => Object.assign(shown, build(target, photos, coverage)),
    leave: () => shown.map?.setTarget(null),
  };
};
