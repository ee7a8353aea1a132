// One bar with its name and its value.
import { drawn, element } from './element.js';

/** A row of a bar chart; `share` of the full width. */
export const barRow = (name, share, label) =>
  element(
    'div.bar-row',
    {},
    element('span.bar-name', {}, name),
    drawn(
      'svg.bar',
      { viewBox: '0 0 100 8', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
      drawn('rect.rest', { width: 100, height: 8 }),
      drawn('rect.filled', { width: 100 * Math.min(1, Math.max(0, share)), height: 8 }),
    ),
    element('span.bar-value', {}, label),
  );
