// A leader looks at everything and changes nothing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open, openLead, picture, signIn, watched } from './place.js';

const SCREENS = ['leads', 'flights', 'ledger/stages', 'ledger/coverage', 'ledger/trends', 'custody', 'verify'];
/** Whatever could write: forms, fields of forms, files, drop places. */
const WRITING = 'form, textarea, [type=file], [type=password], [type=radio], .drop, [name=outcome], [name=to], [name=review-reason]';

let place;
let page;
let faults;
const written = [];

before(async () => {
  place = await open();
  ({ page, faults } = await watched(place.browser));
  await signIn(page, place.url, 'leader');
  page.on('request', (request) => !['GET', 'HEAD'].includes(request.method()) && written.push(`${request.method()} ${request.url()}`));
});

after(() => place.close());

SCREENS.forEach((screen) =>
  test(`${screen} has no control that writes`, async () => {
    await page.goto(`${place.url}/#/${screen}`);
    await page.waitForSelector('main > section');
    assert.equal(await page.locator(WRITING).count(), 0);
    await picture(page, `leader-${screen.replace('/', '-')}-zh`);
  }),
);

test('a lead has no control that writes, on any of its tabs', async () => {
  await page.goto(`${place.url}/#/leads`);
  await openLead(page, '3#楼');
  for (const tab of ['findings', 'decision', 'status', 'custody']) {
    await page.click(`#tab-${tab}`);
    assert.equal(await page.locator(WRITING).count(), 0, tab);
  }
});

test('verify tells its result', async () => {
  await page.goto(`${place.url}/#/verify`);
  await page.click('.verify-screen .primary');
  await page.waitForSelector('.will', { timeout: 120000 });
  assert.match(await page.textContent('.will'), /未发现改动/);
});

test('nothing was written on the way, and the server would refuse it', async () => {
  assert.deepEqual(written, []);
  const status = await page.evaluate(async () => {
    const answer = await fetch('/api/projects/x/leads/y/decisions', {
      method: 'POST',
      headers: { 'X-Plumbline': '1', 'Content-Type': 'application/json' },
      body: '{}',
    });
    return answer.status;
  });
  assert.equal(status, 403);
});

test('nothing failed and no policy was breached on the way', () => assert.deepEqual(faults, []));
