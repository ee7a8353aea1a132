// A stand-in for the real server, for work on the page: `node mock/server.js --port 8090 --run RUN --site SITE --program plumbline`.
import { createServer } from 'node:http';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { answer, bodyOf, refuse, sendFile } from './http.js';
import { Catalog, PROJECT } from './catalog.js';
import { Uploads } from './uploads.js';
import { actions } from './actions.js';

const { values: options } = parseArgs({
  options: { port: { type: 'string' }, run: { type: 'string' }, site: { type: 'string' }, program: { type: 'string' } },
});
const here = dirname(fileURLToPath(import.meta.url));
const dist = resolve(here, '..', 'dist');
const catalog = new Catalog(options.run, options.site, options.program);
const uploads = new Uploads(mkdtempSync(join(tmpdir(), 'plumbline-mock-')), options.program);
uploads.seed('2025-06-12', PROJECT, catalog.flightFolder('2025-06-12'));
process.on('exit', () => uploads.remove());
['SIGINT', 'SIGTERM'].forEach((signal) => process.on(signal, () => process.exit()));

const PASSWORD = 'plumbline-demo';
const ACCOUNTS = [
  { name: 'pilot', role: 'INGEST', zh: '队所 · 飞手', en: 'team · pilot' },
  { name: 'inspector', role: 'CURATE', zh: '支队 · 执法员', en: 'detachment · inspector' },
  { name: 'second', role: 'CURATE', zh: '支队 · 执法员', en: 'detachment · inspector' },
  { name: 'leader', role: 'SUPERVISE', zh: '局 · 督察', en: 'bureau · supervisor' },
];
const sessions = new Map();

const accountOf = (request) => sessions.get(/plumbline=([^;]+)/.exec(request.headers.cookie ?? '')?.[1]);

const signIn = async (request, response) => {
  const { name, password } = await bodyOf(request);
  const account = ACCOUNTS.find((known) => known.name === name);
  if (!account || password !== PASSWORD) return refuse(response, 401, 'BadCredentials', '账号或密码不对', 'Name or password is wrong.');
  const token = crypto.randomUUID();
  sessions.set(token, account);
  return answer(response, 200, account, { 'Set-Cookie': `plumbline=${token}; HttpOnly; SameSite=Strict; Path=/` });
};

const session = (request, response) => {
  if (request.method === 'POST') return signIn(request, response);
  if (request.method === 'DELETE') {
    sessions.delete(/plumbline=([^;]+)/.exec(request.headers.cookie ?? '')?.[1]);
    return answer(response, 204);
  }
  const account = accountOf(request);
  return account ? answer(response, 200, account) : refuse(response, 401, 'NoSession', '请登录', 'Sign in first.');
};

const checkpoint = (response) => {
  response.writeHead(200, { 'Content-Type': 'text/plain' });
  response.end(`plumbline/mock\n${catalog.events.length}\n\n`);
};

const page = (request, response, path) => {
  if (path === '/log/checkpoint') return checkpoint(response);
  const file = join(dist, path === '/' ? 'index.html' : path);
  return file.startsWith(dist) && existsSync(file)
    ? sendFile(request, response, file)
    : refuse(response, 404, 'NotFound', '没有', 'Nothing there.');
};

const api = async (request, response, url) => {
  const [, , ...parts] = url.pathname.split('/').map(decodeURIComponent);
  if (parts.join('/') === 'session/ways') return answer(response, 200, { provider: { zh: '统一身份认证', en: 'Single sign-on' } });
  if (parts[0] === 'session') return session(request, response);
  if (parts[0] === 'mock' && parts[1] === 'cut') {
    uploads.cutAfter = Number(parts[2]) || null;
    return answer(response, 204);
  }
  const account = accountOf(request);
  if (!account) return refuse(response, 401, 'NoSession', '请登录', 'Sign in first.');
  const reads = ['GET', 'HEAD', 'OPTIONS'].includes(request.method);
  if (!reads && !request.headers['x-plumbline'])
    return refuse(response, 403, 'Forged', '请求缺少标记', 'The header X-Plumbline is missing.');
  if (!reads && account.role === 'SUPERVISE') return refuse(response, 403, 'Forbidden', '局级账号只读', 'Supervisors change nothing.');
  if (parts[0] === 'uploads') return uploads.handle(request, response, parts[1], account);
  const action = actions.find(([method, pattern]) => method === request.method && pattern.test(`/${parts.join('/')}`));
  if (!action) return refuse(response, 404, 'NotFound', '没有这个接口', 'There is no such route.');
  const groups = action[1].exec(`/${parts.join('/')}`).slice(1);
  return action[2]({ request, response, account, catalog, uploads, query: url.searchParams, groups });
};

createServer((request, response) => {
  const url = new URL(request.url, 'http://mock');
  const done = url.pathname.startsWith('/api/') ? api(request, response, url) : page(request, response, url.pathname);
  Promise.resolve(done).catch((error) => refuse(response, 500, 'Broken', String(error), String(error.stack)));
}).listen(Number(options.port ?? 8090), '127.0.0.1', () => process.stdout.write('ready\n'));
