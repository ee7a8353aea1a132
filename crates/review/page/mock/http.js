// Small helpers of the mock: answers, bodies, files with ranges.
import { createReadStream, statSync } from 'node:fs';
import { extname } from 'node:path';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.tif': 'image/tiff',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.pdf': 'application/pdf',
  '.zip': 'application/zip',
};

/** The policy that the real server sends as well. */
export const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
  "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

export const answer = (response, status, body, headers = {}) => {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
};

export const refuse = (response, status, code, zh, en) => answer(response, status, { code, zh, description: en });

export const bytesOf = async (request) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
};

export const bodyOf = async (request) => JSON.parse((await bytesOf(request)).toString() || '{}');

export const sendFile = (request, response, path, headers = {}) => {
  const { size } = statSync(path);
  const type = TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream';
  const common = { 'Content-Type': type, 'Accept-Ranges': 'bytes', 'Content-Security-Policy': POLICY, ...headers };
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  if (!range) {
    response.writeHead(200, { ...common, 'Content-Length': size });
    return createReadStream(path).pipe(response);
  }
  const start = Number(range[1]);
  const end = Math.min(range[2] ? Number(range[2]) : size - 1, size - 1);
  if (start > end) return response.writeHead(416, { 'Content-Range': `bytes */${size}` }).end();
  response.writeHead(206, { ...common, 'Content-Range': `bytes ${start}-${end}/${size}`, 'Content-Length': end - start + 1 });
  return createReadStream(path, { start, end }).pipe(response);
};
