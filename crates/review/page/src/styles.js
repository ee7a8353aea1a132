// How outlines are drawn on maps and photos.
import { Circle, Fill, Stroke, Style } from 'ol/style.js';

const VERDICTS = { CONFIRMED_EXCEED: '#e5352b', INCONCLUSIVE_NEEDS_SURVEY: '#f29100', SUSPECTED: '#8e5bd0', WITHIN: '#5f8496' };

const PLAN = {
  parcel: { color: '#ff4d4d', lineDash: [9, 4] },
  control_line: { color: '#5b8cff', lineDash: [4, 3] },
  building: { color: '#17d3f2' },
  level_outline: { color: '#17d3f2', lineDash: [2, 3] },
  roof_structure: { color: '#17d3f2', lineDash: [2, 2] },
  existing: { color: '#ffe066' },
  temporary: { color: '#62d26f', lineDash: [6, 3] },
};

const cased = (stroke, casing) => [
  new Style({ stroke: new Stroke({ color: 'rgba(255,255,255,.85)', width: casing }) }),
  new Style({ stroke: new Stroke(stroke) }),
];

/** A finding's outline, by verdict. */
export const findingStyle = (verdict) => cased({ color: VERDICTS[verdict] ?? VERDICTS.WITHIN, width: 2.5 }, 5);

/** An element of the plan, by kind. */
export const planStyle = (feature) => new Style({ stroke: new Stroke({ width: 1.75, ...(PLAN[feature.get('kind')] ?? PLAN.building) }) });

/** The line of a profile. */
export const lineStyle = [
  ...cased({ color: '#1b2227', width: 2 }, 5),
  new Style({ image: new Circle({ radius: 4, fill: new Fill({ color: '#fff' }), stroke: new Stroke({ color: '#1b2227', width: 2 }) }) }),
];

/** The kinds of plan elements with a line of their own, for the legend. */
export const PLAN_KINDS = Object.entries(PLAN).map(([kind, { color, lineDash }]) => ({ kind, color, dash: lineDash }));
