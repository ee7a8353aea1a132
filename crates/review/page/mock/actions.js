// What each route of the mock does: method, path below /api, action.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { answer, bodyOf, POLICY, refuse, sendFile } from './http.js';

/** Events of a page. */
const EVENTS = 200;

const gone = (response) => refuse(response, 404, 'NotFound', '没有这条记录', 'There is no such record.');

const lead = async ({ response, catalog, groups: [, id] }) => {
  const full = await catalog.full(id);
  return full ? answer(response, 200, full) : gone(response);
};

const decide = async ({ request, response, catalog, account, groups: [project, id] }) => {
  const body = await bodyOf(request);
  const needs = { FALSE_POSITIVE: 'reason', NEEDS_SURVEY: 'reason', OTHER_AGENCY: 'reason', ALREADY_PERMITTED: 'permit_no' }[body.outcome];
  if (needs && !body[needs]) return refuse(response, 422, 'Missing', '请填写理由或许可证号', 'A reason or a permit number is missing.');
  const decision = {
    id: `d${catalog.decisions.length + 1}`,
    project,
    lead: id,
    finding: body.finding,
    outcome: body.outcome,
    reason: body.reason,
    permit_no: body.permit_no ?? null,
    by: account.name,
    at: new Date().toISOString(),
    second: null,
  };
  catalog.decisions.push(decision);
  catalog.log(account.name, 'DECIDED', `lead:${project}/${id}`, null, { outcome: body.outcome });
  return answer(response, 201, { id: decision.id });
};

const second = async ({ request, response, catalog, account, groups: [id] }) => {
  const decision = catalog.decisions.find((known) => known.id === id);
  if (!decision) return gone(response);
  if (decision.by === account.name)
    return refuse(response, 403, 'SamePerson', '本人作出的认定须由他人复核', 'The maker of a decision cannot second it.');
  decision.second = { by: account.name, at: new Date().toISOString(), ...(await bodyOf(request)) };
  catalog.log(account.name, 'SECONDED', `lead:${decision.project}/${decision.lead}`);
  return answer(response, 200, decision);
};

const review = async ({ request, response, catalog, account, groups: [sha256] }) => {
  const { kind, passed, reason } = await bodyOf(request);
  const on = new Date().toISOString().slice(0, 10);
  const of = catalog.leads.flatMap((row) => row.lead.evidence).filter((evidence) => evidence.sha256 === sha256);
  of.forEach((evidence) => Object.assign(evidence, { [`review_${kind}`]: { by: account.name, on, passed, reason } }));
  catalog.log(account.name, 'REVIEWED', `file:${sha256}`, sha256, { kind, passed });
  return answer(response, 200, {});
};

const state = async ({ request, response, catalog, account, groups: [project, id] }) => {
  const { to, officers, reason } = await bodyOf(request);
  const row = catalog.find(id);
  const [first, other] = officers ?? [];
  if (!first?.cert_no || !other?.cert_no || first.cert_no === other.cert_no) {
    return refuse(response, 422, 'NotTwoOfficers', '须由两名持证执法人员办理', 'Two officers with certificates of their own are needed.');
  }
  const on = new Date().toISOString().slice(0, 10);
  row.lead.history.push({ from: row.lead.history.at(-1).to, to, by: { AGENCY: officers }, on, reason });
  catalog.log(account.name, 'ADVANCED', `lead:${project}/${id}`, null, { to });
  return answer(response, 200, {});
};

const point = (text) => text.split(',').map(Number);

const profile = async ({ response, catalog, query, groups: [, id] }) => {
  const row = catalog.find(id);
  return row ? answer(response, 200, await catalog.profile(row.lead, point(query.get('from')), point(query.get('to')))) : gone(response);
};

const file = ({ request, response, catalog, account, groups: [sha256] }) => {
  const path = catalog.files.get(sha256);
  if (!path) return gone(response);
  catalog.log(account.name, 'ACCESSED', `file:${sha256}`, sha256);
  return sendFile(request, response, path, { ETag: `"${sha256}"`, 'Cache-Control': 'private, max-age=31536000, immutable' });
};

const dossier = ({ response }) => {
  response.writeHead(200, { 'Content-Type': 'application/pdf', 'Content-Security-Policy': POLICY });
  response.end(
    '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n' +
      '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF',
  );
};

const epochFile = ({ request, response, catalog, groups: [epoch, name] }) => {
  const path = join(catalog.run, 'epochs', epoch, `${name}.tif`);
  return existsSync(path) ? sendFile(request, response, path, { 'Cache-Control': 'private, max-age=31536000' }) : gone(response);
};

const custody = ({ response, catalog, query }) => {
  const subject = query.get('subject');
  const events = catalog.events.filter((event) => !subject || event.subject === subject || event.sha256 === subject);
  const from = Number(query.get('token') ?? 0);
  const page = subject ? events : events.slice(from, from + EVENTS);
  return answer(response, 200, { events: page, next: !subject && from + EVENTS < events.length ? from + EVENTS : null });
};

const verify = ({ response, catalog, account }) => {
  catalog.log(account.name, 'VERIFIED', 'catalog');
  const root = createHash('sha256').update(JSON.stringify(catalog.events)).digest('base64');
  return answer(response, 200, {
    faults: [],
    checked: { files: catalog.files.size, events: catalog.events.length },
    checkpoint: `plumbline/mock\n${catalog.events.length}\n${root}\n`,
  });
};

const flight = ({ response, uploads, groups: [id] }) => {
  const known = uploads.flights.get(id);
  return known ? answer(response, 200, uploads.shown(known)) : gone(response);
};

/** Method, pattern, action; the first that fits answers. */
export const actions = [
  ['GET', /^\/leads$/, ({ response, catalog, query }) => answer(response, 200, catalog.search(query))],
  ['GET', /^\/projects\/([^/]+)\/leads\/([^/]+)$/, lead],
  ['POST', /^\/projects\/([^/]+)\/leads\/([^/]+)\/decisions$/, decide],
  ['POST', /^\/projects\/([^/]+)\/leads\/([^/]+)\/state$/, state],
  ['GET', /^\/projects\/([^/]+)\/leads\/([^/]+)\/profile$/, profile],
  ['GET', /^\/projects\/([^/]+)\/leads\/([^/]+)\/dossier\.pdf$/, dossier],
  ['POST', /^\/decisions\/([^/]+)\/second$/, second],
  ['POST', /^\/evidence\/([0-9a-f]+)\/reviews$/, review],
  ['GET', /^\/files\/([0-9a-f]+)$/, file],
  ['HEAD', /^\/files\/([0-9a-f]+)$/, file],
  [
    'GET',
    /^\/flights$/,
    ({ response, uploads }) =>
      answer(response, 200, { flights: [...uploads.flights.values()].map((f) => ({ ...uploads.shown(f), check: undefined })) }),
  ],
  ['GET', /^\/flights\/([^/]+)$/, flight],
  [
    'POST',
    /^\/flights\/([^/]+)\/complete$/,
    async ({ request, response, uploads, groups: [id] }) => uploads.complete(response, id, await bodyOf(request)),
  ],
  [
    'GET',
    /^\/ledger\/(stages|coverage|trends)$/,
    ({ response, catalog, groups: [book] }) => answer(response, 200, { rows: catalog.book(book) }),
  ],
  ['GET', /^\/custody$/, custody],
  ['GET', /^\/verify$/, verify],
  ['GET', /^\/mock\/epochs\/([^/]+)\/(ortho|dsm|rise)\.tif$/, epochFile],
  ['GET', /^\/mock\/plan\.geojson$/, ({ response, catalog }) => answer(response, 200, catalog.plan)],
];
