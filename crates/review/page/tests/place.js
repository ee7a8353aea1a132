// Where the tests run: the real server named by PLUMBLINE_URL, or the mock; always in a real Chromium.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';

const here = import.meta.dirname;
const environment = process.env;
/** Run, site and program that the mock serves from. */
const RUN = environment.PLUMBLINE_RUN ?? resolve(here, '../../../../target/demo');
const SITE = environment.PLUMBLINE_SITE ?? `${RUN}-site`;
const PROGRAM = environment.PLUMBLINE_PROGRAM ?? resolve(here, '../../../../target/debug/plumbline');
const PORT = environment.PLUMBLINE_MOCK_PORT ?? '8097';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Accounts of the tests by part; PLUMBLINE_ACCOUNTS is the same as JSON. */
export const ACCOUNTS = JSON.parse(
  environment.PLUMBLINE_ACCOUNTS ??
    JSON.stringify({
      pilot: ['pilot', 'plumbline-demo'],
      inspector: ['inspector', 'plumbline-demo'],
      second: ['second', 'plumbline-demo'],
      leader: ['leader', 'plumbline-demo'],
    }),
);

/** Photos of the simulated site, for uploads. */
export const photoPath = (name, flight = '2025-06-12') => join(SITE, 'flights', flight, name);

/** Whether the server is the mock, which can cut links on demand. */
export const isMock = !environment.PLUMBLINE_URL;

const startMock = async () => {
  const mock = resolve(here, '../mock/server.js');
  const child = spawn('node', [mock, '--port', PORT, '--run', RUN, '--site', SITE, '--program', PROGRAM], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return { url: `http://127.0.0.1:${PORT}`, stop: () => child.kill() };
};

/** Starts server and browser; `close` ends both. */
export const open = async () => {
  const server = isMock ? await startMock() : { url: environment.PLUMBLINE_URL, stop: () => {} };
  const profile = mkdtempSync(join(tmpdir(), 'plumbline-chromium-'));
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: '/usr/bin/chromium',
    args: FLAGS,
    viewport: { width: 1280, height: 800 },
    acceptDownloads: true,
  });
  const close = async () => {
    await browser.close();
    server.stop();
    rmSync(profile, { recursive: true, force: true });
  };
  return { url: server.url, browser, close };
};

/** A page that remembers what went wrong in it: errors of scripts, breaches of the policy. */
export const watched = async (browser) => {
  const page = await browser.newPage();
  const faults = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of (4\d\d|5\d\d)|ERR_(EMPTY|CONNECTION|INTERNET|FAILED)/.test(message.text()))
      faults.push(message.text());
  });
  return { page, faults };
};

/** Signs somebody in, with nobody signed in before. */
export const signIn = async (page, url, part, language = 'zh') => {
  const [name, password] = ACCOUNTS[part];
  await page.context().clearCookies();
  await page.goto(url);
  await page.evaluate((value) => localStorage.setItem('plumbline.language', value), language);
  await page.goto(`${url}/#/`);
  await page.reload();
  await page.fill('[name=name]', name);
  await page.fill('[name=password]', password);
  await page.press('[name=password]', 'Enter');
  await page.waitForSelector('.account');
};

/** Keeps a picture of the page for people to look at. */
export const picture = async (page, name) => {
  const folder = join(here, 'screenshots');
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
};

/** Opens the lead of a building or kind from the queue, and waits for its map. */
export const openLead = async (page, text) => {
  await page.click(`.queue tr:has-text("${text}") a`);
  await page.waitForSelector('.map-place[data-complete]');
};
