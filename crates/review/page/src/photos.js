// The original photos that see the place.
import { drawn, element } from './element.js';
import { photoName } from './photo_name.js';
import { openPhoto } from './photo_view.js';
import { t } from './texts.js';

const ring = (points) => drawn('polygon', { points: points.map((point) => point.join(',')).join(' ') });

const overlay = ({ outline_px: outline, width, height }) =>
  outline &&
  width &&
  drawn('svg.overlay', { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' }, outline.map(ring));

const thumbnail = (photo, photos) => {
  const image = element('img', { 'data-href': photo.thumb ?? photo.href, alt: photoName(photo), loading: 'lazy', decoding: 'async' });
  const click = () => openPhoto(photos, photos.indexOf(photo));
  return element(
    'li',
    {},
    element(
      'button.thumbnail',
      { type: 'button', 'data-sha256': photo.sha256, on: { click } },
      element('span.frame', {}, image, overlay(photo)),
      element('span.caption', {}, element('b', {}, photo.date ?? photo.epoch), ' ', photoName(photo)),
    ),
  );
};

/** Fetches the pictures of a strip: once the map is there, for originals are large. */
export const loadPhotos = (strip) =>
  strip.querySelectorAll('img[data-href]').forEach((image) => {
    image.src = image.dataset.href;
  });

/** The strip, the oldest date first. */
export const photoStrip = (photos) => {
  if (!photos?.length) return element('p.notice', {}, t('no-photos'));
  const sorted = photos.toSorted((a, b) => `${a.epoch}`.localeCompare(`${b.epoch}`));
  return element(
    'ul.strip',
    { 'aria-label': t('photos') },
    sorted.map((photo) => thumbnail(photo, sorted)),
  );
};
