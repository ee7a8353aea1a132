// Where the pointer is, on the map of the survey.
import { element } from './element.js';
import { t } from './texts.js';

/** A line that follows the pointer. */
export const pointer = (map, projection) => {
  const node = element('output.pointer', { 'aria-live': 'off' }, projection.getCode());
  map.on('pointermove', ({ coordinate: [east, north] }) => {
    node.textContent = t('position', { east: east.toFixed(2), north: north.toFixed(2), crs: projection.getCode() });
  });
  return node;
};
