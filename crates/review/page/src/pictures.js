// The evidence pictures of both dates, where there is no orthophoto to look at.
import { element } from './element.js';
import { named } from './texts.js';

const SHOWN = ['BEFORE', 'AFTER', 'PLAN_OVERLAY'];

/** Address of a file of the store. */
export const fileHref = (sha256) => `/api/files/${sha256}`;

const figure = ({ what, sha256, proves }) =>
  element(
    'figure',
    {},
    element('img', { src: fileHref(sha256), alt: proves, loading: 'lazy' }),
    element('figcaption', {}, named('what', what)),
  );

/** The pictures of a lead. */
export const pictures = ({ lead }) =>
  element('div.pictures', {}, SHOWN.flatMap((what) => lead.evidence.filter((evidence) => evidence.what === what)).map(figure));
