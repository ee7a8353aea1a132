// An inspector takes a lead from the queue to a decision, and a second person reviews it.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { isMock, open, openLead, picture, signIn, watched } from './place.js';

/** The lead that is decided here, by its building. */
const BUILDING = '2#楼';
/** What the first map of a finding may take on loopback, on a machine that does nothing else. */
const MAP_MS = 2000;
/** Times are held to their limit only where the machine is known to be idle. */
const IS_TIMED = Boolean(process.env.PLUMBLINE_TIMED);

let place;
let page;
let faults;

before(async () => {
  place = await open();
  ({ page, faults } = await watched(place.browser));
});

after(() => place.close());

const shot = async (selector) => {
  const bytes = await page.locator(selector).screenshot();
  return createHash('sha256').update(bytes).digest('hex');
};

test('the first map of a finding comes at once', async (context) => {
  await signIn(page, place.url, 'inspector');
  await page.waitForSelector('.queue');
  const from = Date.now();
  await openLead(page, BUILDING);
  const took = Date.now() - from;
  context.diagnostic(`first map with both dates, plan and outline: ${took} ms`);
  if (IS_TIMED) assert.ok(took <= MAP_MS, `${took} ms`);
  await page.keyboard.press('q');
  await page.waitForSelector('.queue');
});

test('the queue is walked and a lead opened by keyboard alone', async () => {
  await page.waitForSelector('.queue tr[data-selected]');
  const selected = () => page.getAttribute('.queue tr[data-selected]', 'data-lead');
  const first = await selected();
  await page.keyboard.press('j');
  const second = await selected();
  assert.notEqual(second, first);
  await page.keyboard.press('k');
  assert.equal(await selected(), first);
  await page.keyboard.press('Enter');
  await page.waitForSelector(`.lead[data-lead="${first}"]`);
  await page.keyboard.press('j');
  await page.waitForSelector(`.lead[data-lead="${second}"]`);
  await page.keyboard.press('q');
  await page.waitForSelector('.queue');
});

test('filters narrow the queue and a search finds a building', async () => {
  await page.selectOption('[name=kind]', 'NO_PERMIT');
  await page.waitForFunction(() => [...document.querySelectorAll('.queue tbody tr')].every((row) => row.textContent.includes('未批先建')));
  await page.selectOption('[name=kind]', '');
  await page.fill('input[type=search]', BUILDING);
  await page.waitForFunction(() => document.querySelectorAll('.queue tbody tr').length === 1);
  await page.fill('input[type=search]', '');
  await page.waitForFunction(() => document.querySelectorAll('.queue tbody tr').length > 1);
});

test('the lead has its photos', async () => {
  await openLead(page, BUILDING);
  await page.waitForFunction(() => [...document.querySelectorAll('.thumbnail img')].every((image) => image.src && image.complete));
  await picture(page, 'lead-zh');
});

test('the swipe shows another date on each side, by pointer and by key', async () => {
  const [x, y, width, height] = await page.locator('.map').evaluate((map) => {
    const box = map.getBoundingClientRect();
    return [box.x, box.y, box.width, box.height];
  });
  const half = await shot('.map');
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width * 0.9, y + height / 2, { steps: 4 });
  await page.mouse.up();
  const at = Number(await page.getAttribute('.handle', 'aria-valuenow'));
  assert.ok(at > 85 && at < 95, `${at}`);
  await page.waitForTimeout(300);
  assert.notEqual(await shot('.map'), half);
  await page.focus('.handle');
  await page.keyboard.press('Home');
  assert.equal(await page.getAttribute('.handle', 'aria-valuenow'), '0');
});

test('layers are switched on and off', async () => {
  await page.click('.layers summary');
  const before_ = await shot('.map');
  await page.check('[name=layer-rise]');
  await page.waitForTimeout(1500);
  const risen = await shot('.map');
  assert.notEqual(risen, before_);
  await page.uncheck('[name=layer-rise]');
  await page.click('.layers summary');
});

test('a profile across the finding gives the heights of both dates in metres', async () => {
  await page.keyboard.press('p');
  await page.waitForSelector('.chart path.before');
  await page.waitForSelector('.chart path.after');
  const reading = await page.textContent('.reading');
  assert.match(reading, /^[\d.]+ 米处：前期 [\d.]+ 米，本期 [\d.]+ 米，变化 [\d.-]+ 米$/);
  await page.focus('.chart');
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction((old) => document.querySelector('.reading').textContent !== old, reading);
  await picture(page, 'profile-zh');
});

test('a line drawn on the map is a profile', async () => {
  await page.click('.tools button >> nth=1');
  const box = await page.locator('.map').boundingBox();
  const asked = page.waitForRequest(/\/profile\?from=/);
  await page.mouse.click(box.x + box.width * 0.2, box.y + box.height * 0.3);
  await page.mouse.click(box.x + box.width * 0.7, box.y + box.height * 0.7);
  const query = new URL((await asked).url()).searchParams;
  ['from', 'to'].forEach((end) => assert.match(query.get(end), /^114\.50\d+,37\.06\d+$/));
});

test('the outline is laid over the original photo, which stays as it was taken', async () => {
  await page.click('.thumbnail >> nth=-1');
  await page.waitForSelector('.photo[data-rendered]');
  const withOutline = await shot('.photo');
  await picture(page, 'photo-zh');
  await page.uncheck('[name=outline]');
  await page.waitForTimeout(300);
  assert.notEqual(await shot('.photo'), withOutline);
  const href = await page.getAttribute('dialog a.button', 'href');
  const sha256 = await page.textContent('dialog .fine code');
  const original = await page.request.get(new URL(href, place.url).href);
  assert.equal(
    createHash('sha256')
      .update(await original.body())
      .digest('hex'),
    sha256,
  );
  await page.keyboard.press('Escape');
  await page.waitForSelector('dialog', { state: 'detached' });
});

test('the measure stands beside its limit with the verdict', async () => {
  await page.click('#tab-findings');
  assert.match(await page.textContent('.measure figcaption'), /^实测 5 ± 0\.06 层，限值 4 层$/);
  assert.equal(await page.textContent('.finding .verdict'), '确认超出');
});

test('a false positive needs its reason, and the draft outlives a change of language', async () => {
  await page.keyboard.press('2');
  await page.click('.decision .primary');
  assert.ok(await page.locator('.decision [name=reason]:invalid').count());
  await page.fill('.decision [name=reason]', '现场为临时堆料');
  await page.click('.language');
  await page.waitForSelector('.decision [name=reason]');
  assert.equal(await page.inputValue('.decision [name=reason]'), '现场为临时堆料');
  assert.ok(await page.isChecked('.decision [value=FALSE_POSITIVE]'));
  await page.waitForSelector('.map-place[data-complete]');
  await picture(page, 'decision-en');
  await page.click('.language');
  await page.waitForSelector('.decision [name=reason]');
});

test('a decision is recorded, and its maker is not offered the second opinion', async () => {
  await page.check('.decision [value=CONFIRMED]');
  await page.fill('.decision [name=reason]', '与图册层数不符');
  await page.click('.decision .primary');
  await page.waitForSelector('.decided');
  assert.match(await page.textContent('.decided'), /属实.*与图册层数不符/s);
  assert.equal(await page.locator('.second').count(), 0);
  assert.match(await page.textContent('.decided'), /须由他人复核/);
});

test('the custody of the evidence is listed with digests, and a review is recorded', async () => {
  await page.click('#tab-custody');
  const digests = await page.locator('.evidence').evaluateAll((rows) => rows.map((row) => row.dataset.sha256));
  assert.ok(digests.length > 3);
  digests.forEach((digest) => assert.match(digest, /^[0-9a-f]{64}$/));
  await page.click('.evidence .review summary >> nth=0');
  await page.selectOption('.review [name=kind]', 'technical');
  await page.fill('.review [name=review-reason] >> nth=0', '清晰完整');
  await page.click('.review .primary >> nth=0');
  await page.waitForSelector('.evidence .reviews >> text=清晰完整');
});

test('a change of state needs two officers with certificates of their own', async () => {
  await page.click('#tab-status');
  await page.selectOption('[name=to]', 'VERIFYING');
  await page.fill('[name=officer-1]', '张三');
  await page.fill('[name=cert-1]', '0301001');
  await page.fill('[name=officer-2]', '李四');
  await page.fill('[name=cert-2]', '0301001');
  await page.fill('[name=state-reason]', '现场核查');
  await page.click('.step .primary');
  await page.waitForSelector('.step .outcome.bad');
  await page.fill('[name=cert-2]', '0301002');
  await page.click('.step .primary');
  await page.waitForSelector('.history li:nth-child(2)');
  assert.match(await page.textContent('.history li:nth-child(2)'), /核查.*张三（0301001）、李四（0301002）/s);
});

test('a document gets the next number of its series, and one that is given up is never given again', { skip: isMock }, async () => {
  const take = async () => {
    await page.selectOption('[name=paper]', 'FILING');
    await page.click('.number .primary >> nth=0');
  };
  await take();
  await page.waitForSelector('b >> text=/^示执立字〔\\d{4}〕第1号$/');
  await take();
  await page.waitForSelector('.number .outcome.bad >> text=不能重复办理');
  await page.click('summary >> text=文号作废');
  await page.fill('[name=void-reason]', '误取');
  await page.click('.number .primary >> nth=1');
  await page.waitForSelector('s >> text=第1号');
  await take();
  await page.waitForSelector('b >> text=第2号');
  await picture(page, 'numbers-zh');
});

test('the dossier opens as a PDF', async () => {
  const href = await page.getAttribute('.lead-head a[href$="dossier.pdf"]', 'href');
  const answer = await page.request.get(new URL(href, place.url).href);
  assert.equal(answer.status(), 200);
  assert.match(answer.headers()['content-type'], /^application\/pdf/);
  assert.equal((await answer.body()).subarray(0, 5).toString(), '%PDF-');
});

test('a second person reviews the decision', async () => {
  await signIn(page, place.url, 'second');
  await openLead(page, BUILDING);
  await page.keyboard.press('d');
  await page.fill('.second [name=second-reason]', '复核影像与剖面，同意');
  await page.click('.second .primary');
  await page.waitForSelector('.seconding');
  assert.match(await page.textContent('.seconding'), /复核同意：.*复核影像与剖面/s);
  await page.click('#tab-findings');
  assert.match(await page.textContent('.standing'), /已认定：属实 （已复核）/);
});

test('nothing failed and no policy was breached on the way', () => assert.deepEqual(faults, []));
