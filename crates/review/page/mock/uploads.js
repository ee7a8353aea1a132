// tus 1.0 (creation, termination) into a folder; a flight is what shares a name.
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync, statSync, writeFileSync, rmSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import { answer, bytesOf, refuse } from './http.js';

const TUS = { 'Tus-Resumable': '1.0.0', 'Tus-Version': '1.0.0', 'Tus-Extension': 'creation,termination', 'Cache-Control': 'no-store' };

const metadata = (header) =>
  Object.fromEntries(
    header.split(',').map((pair) => {
      const [key, value = ''] = pair.trim().split(' ');
      return [key, Buffer.from(value, 'base64').toString()];
    }),
  );

export class Uploads {
  constructor(folder, program, log) {
    Object.assign(this, { folder, program, log, uploads: new Map(), flights: new Map() });
    /** Where set, every second piece of a file is cut after this many bytes: the lost link of the tests. */
    this.cutAfter = null;
  }

  async handle(request, response, id, account) {
    if (request.method === 'OPTIONS') return response.writeHead(204, TUS).end();
    if (request.method === 'POST') return this.create(request, response, account);
    const upload = this.uploads.get(id);
    if (!upload) return response.writeHead(404, TUS).end();
    if (request.method === 'HEAD')
      return response.writeHead(200, { ...TUS, 'Upload-Offset': upload.offset, 'Upload-Length': upload.length }).end();
    if (request.method === 'PATCH') return this.append(request, response, upload);
    this.uploads.delete(id);
    return response.writeHead(204, TUS).end();
  }

  create(request, response, account) {
    const about = metadata(request.headers['upload-metadata'] ?? '');
    const folder = join(this.folder, about.flight);
    mkdirSync(folder, { recursive: true });
    const upload = {
      id: randomUUID(),
      ...about,
      path: join(folder, about.filename),
      offset: 0,
      length: Number(request.headers['upload-length']),
    };
    writeFileSync(upload.path, '');
    this.uploads.set(upload.id, upload);
    const flight = this.flights.get(about.flight) ?? {
      id: about.flight,
      project: about.project,
      by: account.name,
      state: 'UPLOADING',
      check: null,
      run: null,
    };
    this.flights.set(flight.id, flight);
    return response.writeHead(201, { ...TUS, Location: `/api/uploads/${upload.id}` }).end();
  }

  async append(request, response, upload) {
    if (Number(request.headers['upload-offset']) !== upload.offset) return response.writeHead(409, TUS).end();
    if (this.cutAfter !== null && !upload.cut && upload.length > this.cutAfter) {
      upload.cut = true;
      const first = await firstBytes(request, this.cutAfter);
      appendFileSync(upload.path, first);
      upload.offset += first.length;
      return request.socket.destroy();
    }
    const bytes = await bytesOf(request);
    appendFileSync(upload.path, bytes);
    upload.offset += bytes.length;
    return response.writeHead(204, { ...TUS, 'Upload-Offset': upload.offset }).end();
  }

  shown(flight) {
    const files = [...this.uploads.values()].filter((upload) => upload.flight === flight.id && upload.offset === upload.length);
    return { ...flight, photos: files.length, bytes: files.reduce((sum, file) => sum + statSync(file.path).size, 0) };
  }

  complete(response, id, { expected }) {
    const flight = this.flights.get(id);
    if (!flight) return refuse(response, 404, 'NotFound', '没有这个架次', 'There is no such flight.');
    const { photos } = this.shown(flight);
    if (photos !== expected)
      return refuse(response, 409, 'Incomplete', `应有${expected}张,收到${photos}张`, `${expected} photos expected, ${photos} received.`);
    flight.state = 'CHECKING';
    execFile(this.program, ['check', '--json', join(this.folder, id)], { maxBuffer: 1 << 26 }, (_, stdout) => {
      flight.check = JSON.parse(stdout);
      flight.state = 'QUEUED';
      flight.run = { state: 'QUEUED', progress: 0, log: ['queued'] };
    });
    return answer(response, 202, this.shown(flight));
  }

  /** A flight that lies in the run already, for the first look. */
  seed(id, project, folder) {
    cpSync(folder, join(this.folder, id), { recursive: true });
    execFile(this.program, ['check', '--json', folder], { maxBuffer: 1 << 26 }, (_, stdout) => {
      const check = JSON.parse(stdout);
      const run = { state: 'DONE', progress: 1, log: ['import', 'photo', 'features', 'adjustment', 'surface', 'ortho', 'finding'] };
      this.flights.set(id, { id, project, by: 'pilot', state: 'DONE', check, run });
      check.photos.forEach((photo) =>
        this.uploads.set(photo.name, {
          id: photo.name,
          flight: id,
          path: photo.path,
          offset: photo.bytes,
          length: photo.bytes,
        }),
      );
    });
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const firstBytes = async (request, count) => {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    parts.push(part);
    size += part.length;
    if (size >= count) break;
  }
  return Buffer.concat(parts).subarray(0, count);
};
