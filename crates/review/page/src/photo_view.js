// One original photo, large: zoom, pan, and the outline above it. The photo itself is shown as it was taken.
import OlMap from 'ol/Map.js';
import View from 'ol/View.js';
import { defaults as defaultControls } from 'ol/control.js';
import { buffer, createEmpty, extend } from 'ol/extent.js';
import Feature from 'ol/Feature.js';
import Polygon from 'ol/geom/Polygon.js';
import ImageLayer from 'ol/layer/Image.js';
import VectorLayer from 'ol/layer/Vector.js';
import Projection from 'ol/proj/Projection.js';
import ImageStatic from 'ol/source/ImageStatic.js';
import VectorSource from 'ol/source/Vector.js';
import { openDialog } from './dialog.js';
import { element } from './element.js';
import { failure } from './notice.js';
import { photoName } from './photo_name.js';
import { findingStyle } from './styles.js';
import { t } from './texts.js';

const AROUND_PX = 150;

/** Photos count rows downwards, maps upwards. */
const turned = (ring, height) => ring.map(([col, row]) => [col, height - row]);

const outlineOf = ({ outline_px: rings, height }) =>
  new VectorLayer({
    source: new VectorSource({ features: (rings ?? []).map((ring) => new Feature(new Polygon([turned(ring, height)]))) }),
    style: findingStyle('CONFIRMED_EXCEED'),
  });

const imageOf = ({ href, width, height }) => {
  const extent = [0, 0, width, height];
  const projection = new Projection({ code: 'pixels', units: 'pixels', extent });
  return { layer: new ImageLayer({ source: new ImageStatic({ url: href, projection, imageExtent: extent }) }), projection, extent };
};

const photoMap = (photo, target) => {
  const { layer, projection, extent } = imageOf(photo);
  const outline = outlineOf(photo);
  const view = new View({
    projection,
    minResolution: 0.125,
    center: [photo.width / 2, photo.height / 2],
    resolution: 1,
    showFullExtent: true,
  });
  const zoomOptions = { zoomInTipLabel: t('zoom-in'), zoomOutTipLabel: t('zoom-out') };
  const map = new OlMap({
    target,
    view,
    layers: [layer, outline],
    controls: defaultControls({ attribution: false, rotate: false, zoomOptions }),
  });
  const whole = () => view.fit(extent);
  const near = () => view.fit(buffer(extend(createEmpty(), outline.getSource().getExtent()), AROUND_PX));
  map.once('rendercomplete', () => target.setAttribute('data-rendered', ''));
  if (photo.outline_px?.length) near();
  else whole();
  return { map, outline, whole, near };
};

const bar = (photo, shown, turn) => {
  const box = element('input', { type: 'checkbox', name: 'outline', checked: true });
  box.addEventListener('change', () => shown.outline.setVisible(box.checked));
  const button = (text, click, disabled) => element('button', { type: 'button', disabled, on: { click } }, text);
  return element(
    'div.tools',
    {},
    photo.outline_px && element('label.check', {}, box, t('outline')),
    photo.outline_px && button(t('zoom-outline'), shown.near),
    button(t('zoom-whole'), shown.whole),
    button(t('previous-photo'), () => turn(-1)),
    button(t('next-photo'), () => turn(1)),
    element('a.button', { href: photo.href, download: photoName(photo) }, t('download-original')),
  );
};

/** The photo with its size; a catalog that does not know it leaves it to the file. */
const measured = async (photo) => {
  if (photo.width && photo.height) return photo;
  const image = new Image();
  image.src = photo.href;
  await image.decode();
  return { ...photo, width: image.naturalWidth, height: image.naturalHeight };
};

const facts = (photo) => element('p.fine', {}, t('original-untouched'), ' SHA-256 ', element('code', {}, photo.sha256));

/** Opens the photo at that place of the list. */
export const openPhoto = (photos, at) => {
  const photo = photos[(at + photos.length) % photos.length];
  const target = element('div.photo', { tabindex: 0, role: 'application', 'aria-label': photoName(photo) });
  const content = element('div.photo-view', {}, target);
  let shown = null;
  const dialog = openDialog(t('photo-title', { name: photoName(photo), date: photo.date ?? photo.epoch }), content, {
    classes: '.wide',
    closed: () => shown?.map.setTarget(null),
  });
  const turn = (step) => {
    dialog.close();
    openPhoto(photos, at + step);
  };
  measured(photo).then(
    (whole) => {
      shown = photoMap(whole, target);
      content.prepend(bar(photo, shown, turn));
      content.append(facts(photo));
      shown.map.updateSize();
      target.focus();
    },
    (error) => content.append(failure(error)),
  );
};
