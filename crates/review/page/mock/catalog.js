// The mock's shared catalog: one run, with what people add kept in memory.
import { join } from 'node:path';
import { basename } from 'node:path';
import { existsSync } from 'node:fs';
import proj4 from 'proj4';
import { camerasOf, pixelOf } from './camera.js';
import { heightsAt } from './heights.js';
import { nextStates } from './next_states.js';
import { bookOf, epochsOf, filesOf, findingsOf, flightFolder, leadsOf, planOf } from './run.js';

const CRS = 'EPSG:4547';
proj4.defs(CRS, '+proj=tmerc +lat_0=0 +lon_0=114 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs');

/** The project of the run in the mock. */
export const PROJECT = 'qiaodong';

const stateOf = (lead) => lead.history.at(-1).to;
const bounds = (points) => [0, 1].flatMap((axis) => [Math.min(...points.map((p) => p[axis])), Math.max(...points.map((p) => p[axis]))]);

export class Catalog {
  constructor(run, site, program) {
    Object.assign(this, { run, site, program, leads: leadsOf(run), files: filesOf(run), geo: findingsOf(run), plan: planOf(site) });
    this.cameras = camerasOf(site);
    this.decisions = [];
    this.events = [];
    epochsOf(run).forEach((epoch) => heightsAt(join(run, 'epochs', epoch, 'dsm.tif'), []));
  }

  book(name) {
    return bookOf(this.run, this.program, name);
  }

  log(by, action, subject, sha256 = null, detail = {}) {
    this.events.push({ seq: this.events.length, at: new Date().toISOString(), by, action, subject, sha256, detail });
  }

  find(id) {
    return this.leads.find((row) => row.id === id);
  }

  decisionsOf(id) {
    return this.decisions.filter((decision) => decision.lead === id);
  }

  row(entry) {
    const { lead } = entry;
    const finding = lead.findings[0];
    const place = lead.findings.flatMap((f) => this.geo.get(f.id).geometry.coordinates.flat(2));
    const [west, east, south, north] = bounds(place);
    const decisions = this.decisionsOf(lead.id);
    return {
      project: PROJECT,
      id: lead.id,
      state: stateOf(lead),
      priority: entry.priority,
      presence: this.geo.get(finding.id).properties.presence,
      kinds: entry.kinds,
      verdicts: lead.findings.map((f) => f.verdict),
      building_no: entry.building_no,
      first_seen_with: finding.first_seen_with,
      last_seen_without: finding.last_seen_without,
      explanation: finding.explanation,
      bbox: [west, south, east, north],
      center: [(west + east) / 2, (south + north) / 2],
      decisions: decisions.length,
      open_decisions: decisions.filter((decision) => !decision.second).length,
    };
  }

  search(query) {
    const wanted = (name, value) => !query.get(name) || [value].flat().includes(query.get(name));
    const text = (query.get('q') ?? '').toLowerCase();
    const rows = this.leads
      .map((entry) => this.row(entry))
      .filter(
        (row) =>
          wanted('state', row.state) &&
          wanted('priority', row.priority) &&
          wanted('kind', row.kinds) &&
          wanted('presence', row.presence) &&
          (!query.get('undecided') || row.decisions === 0) &&
          (!text || JSON.stringify([row.id, row.building_no, row.explanation]).toLowerCase().includes(text)),
      );
    const from = Number(query.get('token') ?? 0);
    const limit = Number(query.get('limit') ?? 50);
    const next = from + limit < rows.length ? String(from + limit) : null;
    return { leads: rows.slice(from, from + limit), next, matched: rows.length };
  }

  epoch(id, after) {
    if (!id || !existsSync(join(this.run, 'epochs', id, 'ortho.tif'))) return null;
    const at = (name) => `/api/mock/epochs/${id}/${name}.tif`;
    const rise = after && existsSync(join(this.run, 'epochs', id, 'rise.tif')) ? { rise: at('rise') } : {};
    return { epoch: id, date: id, ortho: at('ortho'), dsm: at('dsm'), ...rise };
  }

  async full(id) {
    const entry = this.find(id);
    if (!entry) return null;
    const { lead } = entry;
    const last = lead.findings[0];
    const geo = (finding) => [finding.id, this.geo.get(finding.id).geometry];
    return {
      lead,
      crs: CRS,
      place: this.geo.get(last.id).geometry,
      findings_geo: Object.fromEntries(lead.findings.map(geo)),
      decisions: this.decisionsOf(id),
      form: formOf(lead),
      next_states: nextStates(stateOf(lead)),
      numbers: [],
      papers: [{ code: 'FILING', zh: '立案审批表', en: 'filing approval form' }],
      before: this.epoch(last.earlier_epoch, false),
      after: this.epoch(last.epoch, true),
      photos: await this.photosOf(lead),
      plan: '/api/mock/plan.geojson',
      clocks: clocksOf(lead),
    };
  }

  async photosOf(lead) {
    const photos = lead.evidence.filter((evidence) => evidence.what === 'SOURCE_PHOTO');
    return Promise.all(photos.map((photo) => this.photo(lead, photo)));
  }

  async photo(lead, evidence) {
    const name = basename(evidence.file);
    const epoch = evidence.file.split('/').at(-2);
    const pose = this.cameras.poses.get(name);
    const dsm = join(this.run, 'epochs', epoch, 'dsm.tif');
    const { camera } = this.cameras;
    const ring = async (part) => {
      const points = part.exterior.map(({ x, y }) => [x, y]);
      const heights = await heightsAt(dsm, points);
      const known = heights.filter((height) => height !== null);
      const pixels = points.map((point, i) => pixelOf(camera, pose, [...point, heights[i] ?? Math.max(...known)]));
      return pixels.every(Boolean) ? pixels : null;
    };
    const rings = (await Promise.all(lead.findings.flatMap((f) => f.outline).map(ring))).filter(Boolean);
    return {
      sha256: evidence.sha256,
      href: `/api/files/${evidence.sha256}`,
      name,
      epoch,
      date: epoch,
      outline_px: rings.length ? rings : null,
      width: camera.width,
      height: camera.height,
    };
  }

  async profile(lead, from, to) {
    const [a, b] = [from, to].map((point) => proj4('WGS84', CRS, point));
    const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
    const count = Math.min(400, Math.max(2, Math.ceil(length / 0.12)));
    const shares = Array.from({ length: count }, (_, i) => i / (count - 1));
    const points = shares.map((share) => [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])]);
    const at = (epoch) => (epoch ? heightsAt(join(this.run, 'epochs', epoch, 'dsm.tif'), points) : null);
    const finding = lead.findings[0];
    return {
      distance_m: shares.map((share) => share * length),
      before_m: await at(finding.earlier_epoch),
      after_m: await at(finding.epoch),
    };
  }

  flightFolder(flight) {
    return flightFolder(this.run, flight);
  }
}

const formOf = (lead) => ({
  fields: [
    { label: { zh: '文号', en: 'document number' }, value: null },
    { label: { zh: '案由', en: 'cause' }, value: lead.findings.map((f) => f.statutes[0]?.zh ?? f.kind).join('、') },
    {
      label: { zh: '案情简述', en: 'summary' },
      value: `${lead.findings.map((f) => f.explanation.zh).join('')}以上为航拍筛查量测,非测绘成果。`,
    },
    { label: { zh: '主要领导意见', en: 'opinion of the head' }, value: null },
  ],
});

const clocksOf = (lead) => {
  const due = new Date(`${lead.history[0].on}T00:00:00Z`);
  due.setUTCDate(due.getUTCDate() + 15);
  return [{ zh: '核查线索', en: 'check the lead', due: due.toISOString().slice(0, 10), law: '住建部令第55号 16' }];
};
