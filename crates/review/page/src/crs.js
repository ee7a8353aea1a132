// Coordinate systems of maps by their EPSG number, without asking anybody.
import { get, transform } from 'ol/proj.js';
import { register } from 'ol/proj/proj4.js';
import proj4 from 'proj4';

const CGCS2000 = '+proj=tmerc +lat_0=0 +k=1 +y_0=0 +ellps=GRS80 +units=m +no_defs +type=crs';

/** CGCS2000 in 3-degree zones: 4513-4533 with the zone's number before the easting, 4534-4554 without. */
const gaussKrueger = (code) => {
  if (code >= 4534 && code <= 4554) return `${CGCS2000} +lon_0=${75 + 3 * (code - 4534)} +x_0=500000`;
  if (code >= 4513 && code <= 4533) return `${CGCS2000} +lon_0=${75 + 3 * (code - 4513)} +x_0=${(25 + code - 4513) * 1e6 + 500000}`;
  return null;
};

const utm = (code) => {
  const zone = code % 100;
  const hemisphere = Math.floor(code / 100);
  if (zone < 1 || zone > 60 || ![326, 327].includes(hemisphere)) return null;
  return `+proj=utm +zone=${zone} ${hemisphere === 327 ? '+south' : ''} +datum=WGS84 +units=m +no_defs +type=crs`;
};

/** The projection of a name such as "EPSG:4547", or null where it is none that surveys use. */
export const projectionOf = (name) => {
  const code = Number(/^EPSG:(\d+)$/.exec(name ?? '')?.[1]);
  const definition = gaussKrueger(code) ?? utm(code);
  if (!definition) return get(name) ?? null;
  if (!proj4.defs(name)) {
    proj4.defs(name, definition);
    register(proj4);
  }
  return get(name);
};

/** A place of the map as longitude and latitude. */
export const lonLatOf = (point, projection) => transform(point, projection, 'EPSG:4326');
