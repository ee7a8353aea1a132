// What the mock serves, read from a run folder and the project that it was made from.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

const json = (text) => JSON.parse(text || '[]');

const query = (run, sql) =>
  json(execFileSync('sqlite3', ['-readonly', '-json', `file:${run}/catalog/catalog.sqlite?immutable=1`, sql], { maxBuffer: 1 << 28 }));

/** The leads of a run, in the order of their urgency. */
export const leadsOf = (run) => {
  const order = ['HIGH', 'MID', 'LOW', 'INFO'];
  const rows = query(run, 'select id, state, priority, kinds, building_no, document from leads order by id');
  return rows
    .map((row) => ({ ...row, kinds: row.kinds.split(' '), lead: JSON.parse(row.document) }))
    .sort((a, b) => order.indexOf(a.priority) - order.indexOf(b.priority));
};

/** Path of a file of the evidence store, and of the photos that were not copied there, by digest. */
export const filesOf = (run) => {
  const rows = query(run, "select path, sha256 from files where path not like '%.json'");
  return new Map(rows.map(({ path, sha256 }) => [sha256, join(run, path)]));
};

/** The findings as GeoJSON, by identifier. */
export const findingsOf = (run) => {
  const { features } = json(readFileSync(join(run, 'findings.geojson'), 'utf8'));
  return new Map(features.map((feature) => [feature.id, feature]));
};

/** One of the books. */
export const bookOf = (run, program, book) =>
  json(execFileSync(program, ['ledger', run, '--book', book, '--format', 'json'], { maxBuffer: 1 << 28 }));

const KINDS = {
  用地红线: 'parcel',
  建筑控制线: 'control_line',
  建筑物基底范围线: 'building',
  屋面突出物: 'roof_structure',
  现状建筑: 'existing',
  临时建筑: 'temporary',
};

/** The approved plan as GeoJSON in longitude and latitude. */
export const planOf = (site) => {
  const plan = join(site, 'plan', 'approved.gpkg');
  const layer = ([name, kind]) => {
    const out = execFileSync('ogr2ogr', [
      '-f',
      'GeoJSON',
      '-t_srs',
      'EPSG:4326',
      '-lco',
      'COORDINATE_PRECISION=8',
      '/vsistdout/',
      plan,
      name,
    ]);
    return json(out.toString()).features.map((feature) => ({ ...feature, properties: { ...feature.properties, kind } }));
  };
  return { type: 'FeatureCollection', features: existsSync(plan) ? Object.entries(KINDS).flatMap(layer) : [] };
};

/** The folder that a flight's photos lie in. */
export const flightFolder = (run, flight) => realpathSync(join(run, 'catalog', 'originals', flight));

/** The epochs of a run. */
export const epochsOf = (run) => readdirSync(join(run, 'epochs')).sort();
