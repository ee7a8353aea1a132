// The server's routes.
import { said } from './texts.js';

/** What the server refused, in both languages. */
export class Refusal extends Error {
  constructor(status, body) {
    super(body.description ?? body.code ?? String(status));
    this.status = status;
    this.code = body.code;
    this.both = { zh: body.zh ?? body.description, en: body.description };
  }

  /** Why, in the language shown. */
  get why() {
    return said(this.both) || this.message;
  }
}

const parsed = async (response) => {
  if (response.status === 204) return null;
  const text = await response.text();
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return { description: text };
  }
};

const call = async (method, path, body) => {
  const headers = method === 'GET' ? {} : { 'X-Plumbline': '1' };
  if (body) headers['Content-Type'] = 'application/json';
  const response = await fetch(path, { method, headers, body: body && JSON.stringify(body), credentials: 'same-origin' });
  const answer = await parsed(response);
  if (!response.ok) throw new Refusal(response.status, answer ?? {});
  return answer;
};

const queried = (path, query) => {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== '' && value !== false);
  const text = new URLSearchParams(given).toString();
  return text ? `${path}?${text}` : path;
};

/** Address of a lead. */
export const leadPath = (project, id) => `/api/projects/${encodeURIComponent(project)}/leads/${encodeURIComponent(id)}`;

const flightPath = (id) => `/api/flights/${encodeURIComponent(id)}`;

export const api = {
  session: () => call('GET', '/api/session'),
  ways: () => call('GET', '/api/session/ways'),
  signIn: (name, password) => call('POST', '/api/session', { name, password }),
  signOut: () => call('DELETE', '/api/session'),
  leads: (query) => call('GET', queried('/api/leads', query)),
  lead: (project, id) => call('GET', leadPath(project, id)),
  decide: (project, id, decision) => call('POST', `${leadPath(project, id)}/decisions`, decision),
  second: (decision, verdict) => call('POST', `/api/decisions/${encodeURIComponent(decision)}/second`, verdict),
  review: (sha256, verdict) => call('POST', `/api/evidence/${sha256}/reviews`, verdict),
  advance: (project, id, step) => call('POST', `${leadPath(project, id)}/state`, step),
  takeNumber: (project, id, paper) => call('POST', `${leadPath(project, id)}/numbers`, { paper }),
  voidNumber: (number, reason) => call('POST', '/api/numbers/void', { number, reason }),
  profile: (project, id, from, to) => call('GET', queried(`${leadPath(project, id)}/profile`, { from, to })),
  flights: () => call('GET', '/api/flights'),
  flight: (id) => call('GET', flightPath(id)),
  complete: (id, flight) => call('POST', `${flightPath(id)}/complete`, flight),
  book: (name, project) => call('GET', queried(`/api/ledger/${name}`, { project })),
  custody: (query) => call('GET', queried('/api/custody', query)),
  verify: () => call('GET', '/api/verify'),
  checkpoint: async () => (await fetch('/log/checkpoint', { credentials: 'same-origin' })).text(),
  json: (href) => call('GET', href),
};
