// A pilot brings in a flight over a poor link and sees at once whether it will do.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { isMock, open, photoPath, picture, signIn, watched } from './place.js';

const PHOTOS = ['DJI_0036.JPG', 'DJI_0037.JPG', 'DJI_0038.JPG', 'DJI_0039.JPG', 'DJI_0047.JPG', 'DJI_0048.JPG', 'DJI_0049.JPG'].map(
  (name) => photoPath(name),
);
const run = Date.now().toString(36);

let place;
let page;
let faults;

before(async () => {
  place = await open();
  ({ page, faults } = await watched(place.browser));
});

after(() => place.close());

const choose = async (flight, photos) => {
  await page.goto(`${place.url}/#/flights`);
  await page.waitForSelector('.upload');
  await page.fill('[name=project]', 'qiaodong');
  await page.fill('[name=flight]', flight);
  await page.setInputFiles('[name=files]', photos);
};

const digestOf = (path) => createHash('sha256').update(readFileSync(path)).digest('hex');

test('a small flight is uploaded and its check shown at once', async () => {
  await signIn(page, place.url, 'pilot');
  await page.waitForSelector('.upload');
  await picture(page, 'flights-zh');
  if (isMock) await page.request.get(`${place.url}/api/mock/cut/200000`);
  await choose(`small-${run}`, PHOTOS);
  await page.waitForSelector('.files tr');
  await picture(page, 'upload-zh');
  await page.waitForSelector('.will', { timeout: 60000 });
  await page.waitForSelector('.map[data-rendered]');
  await picture(page, 'flight-zh');
  if (isMock) await page.request.get(`${place.url}/api/mock/cut/0`);
});

test('every byte arrived through the cut links', async () => {
  const { photos, check } = await (await page.request.get(`${place.url}/api/flights/small-${run}`)).json();
  assert.equal(photos, PHOTOS.length);
  assert.deepEqual(check.photos.map((photo) => photo.sha256).sort(), PHOTOS.map(digestOf).sort());
});

test('the check says what it means, what to fly again, and how the run stands', async () => {
  assert.match(await page.textContent('.will'), /可以定位|定位可能失败|无法定位/);
  assert.match(await page.textContent('.flight-check'), /需要补飞/);
  assert.match(await page.textContent('.side'), /处理/);
  assert.ok((await page.locator('.legend.boxed li').count()) >= 4);
});

test('a page closed in the middle resumes when the same photos are chosen again', async () => {
  const flight = `resumed-${run}`;
  let pieces = 0;
  await page.route('**/api/uploads/*', (route) => {
    const isPiece = route.request().method() === 'PATCH';
    pieces += isPiece ? 1 : 0;
    return isPiece && pieces > 2 ? route.abort() : route.continue();
  });
  await choose(flight, PHOTOS);
  await page.waitForSelector('.notice.bad[role=alert]');
  assert.match(await page.textContent('.notice.bad'), /链路中断/);
  await picture(page, 'link-lost-zh');
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.reload();
  const created = [];
  page.on('request', (request) => request.method() === 'POST' && request.url().endsWith('/api/uploads') && created.push(request));
  await choose(flight, PHOTOS);
  await page.waitForSelector('.will', { timeout: 60000 });
  assert.ok(created.length < PHOTOS.length, `${created.length} of ${PHOTOS.length} were begun anew`);
  const { check } = await (await page.request.get(`${place.url}/api/flights/${flight}`)).json();
  assert.deepEqual(check.photos.map((photo) => photo.sha256).sort(), PHOTOS.map(digestOf).sort());
});

/** Drops a folder onto the page as a file manager does. */
const drop = async (path) => {
  const { x, y, width, height } = await page.locator('.drop').boundingBox();
  const devtools = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'])
    await devtools.send('Input.dispatchDragEvent', { type, x: x + width / 2, y: y + height / 4, data });
};

test('a dropped folder with another in it becomes a flight of its name', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'plumbline-card-')), `card ${run}`);
  mkdirSync(join(folder, '101MEDIA'), { recursive: true });
  PHOTOS.slice(0, 3).forEach((path) => cpSync(path, join(folder, basename(path))));
  PHOTOS.slice(3, 6).forEach((path) => cpSync(path, join(folder, '101MEDIA', basename(path))));
  writeFileSync(join(folder, 'Thumbs.db'), 'not a photo');
  await page.goto(`${place.url}/#/flights`);
  await page.waitForSelector('.drop');
  await page.fill('[name=project]', 'qiaodong');
  await page.fill('[name=flight]', '');
  await drop(folder);
  await page.waitForURL(`**/#/flights/card-${run}`, { timeout: 60000 });
  await page.waitForSelector('.will', { timeout: 60000 });
  const { photos } = await (await page.request.get(`${place.url}/api/flights/card-${run}`)).json();
  assert.equal(photos, 6);
});

test('a pilot is offered nothing but flights', async () => {
  assert.deepEqual(await page.locator('.top nav a').allTextContents(), ['架次']);
  const answer = await page.request.get(`${place.url}/api/leads`);
  if (!isMock) assert.equal(answer.status(), 403);
});

test('nothing failed and no policy was breached on the way', () => assert.deepEqual(faults, []));
