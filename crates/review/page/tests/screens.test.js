// Every screen in both languages and two sizes: accessible, translated, inside its frame, and deaf to markup in texts.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { open, openLead, picture, signIn, watched } from './place.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SIZES = { desk: { width: 1440, height: 900 }, tablet: { width: 1024, height: 768 } };

let place;
let page;
let faults;

before(async () => {
  place = await open();
  ({ page, faults } = await watched(place.browser));
});

after(() => place.close());

const accessible = async (name) => {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }));
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`);
  assert.deepEqual(told, [], name);
};

/** Codes with an underscore that nobody translated, names of files and things left out. */
const untranslated = () => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const { parentElement, textContent } = walker.currentNode;
    if (
      /\b[A-Z]{2,}_[A-Z]{2,}/.test(textContent) &&
      !parentElement.closest('.id, .file, .said, .digest, .detail, .subject, option, .log, td.file, .thumbnail')
    )
      found.push(textContent);
  }
  return found;
};

const insideFrame = () => document.documentElement.scrollWidth <= window.innerWidth;

const SCREENS = [
  ['queue', 'inspector', (at) => at.waitForSelector('.queue')],
  ['lead', 'inspector', (at) => openLead(at, '3#楼')],
  ['lead-decision', 'inspector', (at) => at.keyboard.press('d')],
  ['lead-status', 'inspector', (at) => at.keyboard.press('s')],
  ['lead-evidence', 'inspector', (at) => at.keyboard.press('c')],
  ['stages', 'leader', (at) => at.goto(`${place.url}/#/ledger/stages`)],
  ['trends', 'leader', (at) => at.goto(`${place.url}/#/ledger/trends`)],
  ['custody', 'leader', (at) => at.goto(`${place.url}/#/custody`)],
  ['flights', 'pilot', (at) => at.goto(`${place.url}/#/flights`)],
];

let signedIn = '';

const show = async ([, part, go], language) => {
  if (signedIn !== part + language) await signIn(page, place.url, part, language);
  signedIn = part + language;
  await go(page);
  await page.waitForSelector('main > section');
};

for (const language of ['zh', 'en']) {
  for (const screen of SCREENS) {
    test(`${screen[0]} in ${language} is accessible, translated and inside its frame`, async () => {
      await page.setViewportSize(SIZES.desk);
      await show(screen, language);
      await page.waitForTimeout(400);
      await picture(page, `${screen[0]}-${language}`);
      await accessible(screen[0]);
      assert.deepEqual(await page.evaluate(untranslated), []);
      await page.setViewportSize(SIZES.tablet);
      await page.waitForTimeout(300);
      assert.ok(await page.evaluate(insideFrame), 'wider than a tablet');
      await picture(page, `${screen[0]}-${language}-tablet`);
    });
  }
}

const HOSTILE = '<img src=x onerror="document.title=\'broken\'"><script>document.title="broken"</script>';

/** Every text of an answer made hostile; codes, digests and addresses stay. */
const poisoned = (value, key = '') => {
  if (Array.isArray(value)) return value.map((one) => poisoned(one, key));
  if (value && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, poisoned(one, name)]));
  const isText =
    typeof value === 'string' &&
    ['zh', 'en', 'reason', 'proves', 'by', 'name', 'building_no', 'law', 'value', 'file', 'made_with', 'epoch'].includes(key);
  return isText ? HOSTILE : value;
};

test('markup in texts of the server is shown and not obeyed', async () => {
  await signIn(page, place.url, 'inspector');
  await page.waitForSelector('.queue');
  await page.route(/\/api\/(leads|projects\/[^/]+\/leads\/[^/]+)(\?|$)/, async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: poisoned(await answer.json()) });
  });
  await page.reload();
  await page.waitForSelector('.queue .said >> text=onerror');
  await page.click('.queue tbody a >> nth=0');
  await page.waitForSelector('.finding .said >> text=onerror');
  await page.waitForTimeout(500);
  assert.equal(await page.locator('img[src=x], main script').count(), 0);
  assert.doesNotMatch(await page.title(), /broken/);
  await page.unrouteAll({ behavior: 'ignoreErrors' });
});

const changed = async (change, act) => {
  await page.route(/\/api\/projects\/[^/]+\/leads\/[^/]+$/, async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...(await answer.json()), ...change } });
  });
  await page.goto(`${place.url}/#/leads`);
  await page.reload();
  await page.waitForSelector('.queue');
  await act();
  await page.unrouteAll({ behavior: 'ignoreErrors' });
};

test('without orthophotos the evidence pictures of both dates are shown', () =>
  changed({ before: null, after: null, photos: [], plan: null }, async () => {
    await page.click('.queue tbody a >> nth=0');
    await page.waitForSelector('.pictures figure:nth-child(3)');
    assert.equal(await page.locator('.map').count(), 0);
    await picture(page, 'lead-pictures-zh');
  }));

test('a layer that cannot be loaded is said so, and the rest is shown', () =>
  changed({ plan: '/api/files/00' }, async () => {
    await openLead(page, '3#楼');
    await page.click('.layers summary');
    assert.match(await page.textContent('[data-layer=plan]'), /未能加载/);
    assert.ok(await page.isDisabled('[name=layer-plan]'));
  }));

test('a photo of unknown size and outline opens, under the name that the camera gave', async () => {
  const { lead } = await (
    await page.request.get(`${place.url}/api/leads?limit=1`)
  )
    .json()
    .then(({ leads: [{ project, id }] }) => page.request.get(`${place.url}/api/projects/${project}/leads/${encodeURIComponent(id)}`))
    .then((answer) => answer.json());
  const { sha256 } = lead.evidence.find(({ what }) => what === 'SOURCE_PHOTO');
  const photo = {
    sha256,
    href: `/api/files/${sha256}`,
    name: 'qiaodong~2025-06-12_DJI_0059.JPG',
    epoch: '2025-06-12',
    date: '2025-06-12',
    outline_px: null,
    width: null,
    height: null,
  };
  await changed({ photos: [photo] }, async () => {
    await page.click('.queue tbody a >> nth=0');
    await page.waitForSelector('.map-place[data-complete]');
    assert.match(await page.textContent('.thumbnail'), / DJI_0059\.JPG$/);
    await page.click('.thumbnail');
    await page.waitForSelector('.photo[data-rendered]');
    assert.equal(await page.locator('[name=outline]').count(), 0);
    await page.keyboard.press('Escape');
  });
});

test('the sign-in tells a wrong password in words', async () => {
  await page.context().clearCookies();
  await page.goto(place.url);
  await page.reload();
  await page.fill('[name=name]', 'nobody');
  await page.fill('[name=password]', 'wrong');
  await page.press('[name=password]', 'Enter');
  await page.waitForSelector('.outcome.bad:not(:empty)');
  await accessible('sign-in');
  await picture(page, 'sign-in-zh');
});

test('nothing failed and no policy was breached on the way', () => assert.deepEqual(faults, []));
