// Before at the left of the line, after at its right.
import { element } from './element.js';
import { getRenderPixel } from 'ol/render.js';
import { t } from './texts.js';

const STEP = 0.05;

const clip = (map, share) => ({
  prerender: (event) => {
    const [width, height] = map.getSize();
    const context = event.context;
    const [topLeft, bottomRight] = [
      [width * share(), 0],
      [width, height],
    ].map((pixel) => getRenderPixel(event, pixel));
    context.save();
    context.beginPath();
    context.rect(topLeft[0], topLeft[1], bottomRight[0] - topLeft[0], bottomRight[1] - topLeft[1]);
    context.clip();
  },
  postrender: (event) => event.context.restore(),
});

const followPointer = (handle, node, move) => {
  const drag = (event) => {
    const box = node.parentElement.getBoundingClientRect();
    move((event.clientX - box.left) / box.width);
  };
  handle.addEventListener('pointerdown', (event) => {
    handle.setPointerCapture(event.pointerId);
    handle.addEventListener('pointermove', drag);
  });
  handle.addEventListener('pointerup', () => handle.removeEventListener('pointermove', drag));
};

const followKeys = (handle, move, share) => {
  const steps = { ArrowLeft: () => share() - STEP, ArrowRight: () => share() + STEP, Home: () => 0, End: () => 1 };
  handle.addEventListener('keydown', (event) => {
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    move(step());
  });
};

/** Clips the layers of the second date to one side. */
const clipAfter = (map, share) => {
  const { prerender, postrender } = clip(map, share);
  map.getLayers().on('add', ({ element: layer }) => {
    if (layer.getZIndex() !== 2) return;
    layer.on('prerender', prerender);
    layer.on('postrender', postrender);
  });
};

/** The line, its handle, and the two dates. */
export const swipe = (map, file) => {
  let at = 0.5;
  const share = () => at;
  const handle = element('button.handle', {
    type: 'button',
    role: 'slider',
    'aria-label': t('swipe'),
    'aria-valuemin': 0,
    'aria-valuemax': 100,
  });
  const label = (side, epoch) => element(`span.date.${side}`, {}, epoch ? t(side, { date: epoch.date }) : t('no-date'));
  const node = element('div.swipe', {}, label('before', file.before), label('after', file.after), handle);
  const move = (to) => {
    at = Math.min(1, Math.max(0, to));
    node.style.left = `${100 * at}%`;
    handle.setAttribute('aria-valuenow', Math.round(100 * at));
    map.render();
  };
  clipAfter(map, share);
  followPointer(handle, node, move);
  followKeys(handle, move, share);
  move(at);
  return node;
};
