// A new flight: drop its folder, watch it arrive, see its check.
import { api, Refusal } from './api.js';
import { chosen, dropped } from './dropped.js';
import { element, refill } from './element.js';
import { field } from './form.js';
import { outcomeLine } from './notice.js';
import { go } from './router.js';
import { bytes, number, t } from './texts.js';
import { entriesOf, forget, sendAll, startOver, totals } from './uploader.js';

const KEPT_PROJECT = 'plumbline.project';
/** A flight can have thousands of files: so many are listed, those that need a look first. */
const ROWS = 60;
const ORDER = ['FAILED', 'WAITING_FOR_LINK', 'SENDING', 'DIGESTING', 'WAITING', 'SENT'];

/** The flight that is being sent; it goes on while other screens are shown. */
const now = { flight: null, entries: [], isSending: false, tell: () => {}, place: null, restart: () => {} };

/** What the server says when it misses files or has others. */
const MISSING = ['Incomplete', 'DigestMismatch'];

const state = ({ state: code, why }) => [t(`file-${code}`), why && element('span.bad', { title: why }, t('see-why'))];

const bar = (sent, size) => element('progress', { max: Math.max(size, 1), value: sent });

const fileRow = (entry) =>
  element(
    'tr',
    { 'data-file': entry.name, 'data-state': entry.state },
    element('td.file', {}, entry.name),
    element('td', {}, bar(entry.sent, entry.size)),
    element('td.count', {}, bytes(entry.size)),
    element('td', {}, state(entry)),
  );

const wholeLine = () => {
  const { files, done, bytes: all, sent } = totals(now.entries);
  return element(
    'div.whole',
    {},
    bar(sent, all),
    element(
      'p',
      { role: 'status', 'aria-live': 'polite' },
      t('whole', { done: number(done), files: number(files), sent: bytes(sent), bytes: bytes(all) }),
    ),
  );
};

const advice = () => {
  const { waiting, failed } = totals(now.entries);
  if (waiting || !navigator.onLine) return element('p.notice.bad', { role: 'alert' }, t('link-lost'));
  if (failed && !now.isSending) return element('p.notice.bad', { role: 'alert' }, t('some-failed', { failed: number(failed) }));
  return element('p.fine', {}, t(now.isSending ? 'keep-open' : 'drop-again'));
};

const progress = (place, restart) => {
  if (!now.entries.length) return refill(place);
  const { done, files } = totals(now.entries);
  const shown = ORDER.flatMap((code) => now.entries.filter((entry) => entry.state === code)).slice(0, ROWS);
  const rest = now.entries.length - shown.length;
  const again = done < files && !now.isSending && element('button.primary', { type: 'button', on: { click: restart } }, t('resume'));
  return refill(
    place,
    wholeLine(),
    advice(),
    again,
    element('div.scroll.files', {}, element('table', {}, element('tbody', {}, shown.map(fileRow)))),
    rest > 0 && element('p.fine', {}, t('more-files', { count: number(rest) })),
  );
};

/** Redraws at most once a frame. */
const calmly = (draw) => {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      draw();
    });
  };
};

/** Tells the server that all is there; where it misses some, they are sent again. */
const complete = async () => {
  const sha256s = now.entries.map((entry) => entry.sha256).filter(Boolean);
  const every = sha256s.length === now.entries.length ? { sha256s } : {};
  return api.complete(now.flight.name, { expected: now.entries.length, project: now.flight.project, ...every });
};

const run = async (outcome) => {
  now.isSending = true;
  now.tell();
  const { failed } = await sendAll(now.flight, now.entries, () => now.tell());
  now.isSending = false;
  now.tell();
  if (failed) return;
  try {
    await complete();
    const { name } = now.flight;
    forget(now.flight, now.entries);
    now.entries = [];
    if (now.place?.isConnected) go('flights', name);
  } catch (error) {
    if (error instanceof Refusal && MISSING.includes(error.code)) startOver(now.flight, now.entries);
    now.tell();
    outcome.bad(error);
  }
};

/** A name that may name a folder on every system: letters, digits and - _ . alone. */
const plain = (name) =>
  name
    .trim()
    .replace(/[^\p{L}\p{N}_.-]+/gu, '-')
    .replace(/^[^\p{L}\p{N}]+|[-.]+$/gu, '')
    .replace(/\.{2,}/g, '.')
    .slice(0, 64);

const begin = (inputs, files, outcome) => {
  const flight = { project: plain(inputs.project.value), name: plain(inputs.name.value) };
  [inputs.project.value, inputs.name.value] = [flight.project, flight.name];
  if (!flight.project || !flight.name) return outcome.bad(t('name-flight-first'));
  if (!files.length) return outcome.bad(t('no-photos-in-folder'));
  if (now.isSending) return outcome.bad(t('one-at-a-time'));
  localStorage.setItem(KEPT_PROJECT, flight.project);
  outcome.good('');
  Object.assign(now, { flight, entries: entriesOf(files) });
  return run(outcome);
};

const chooser = (take) => {
  const pick = (properties, text) => {
    const input = element('input.hidden-input', { type: 'file', multiple: true, ...properties, 'aria-label': text, tabindex: -1 });
    input.addEventListener('change', () => {
      const folder = input.files[0]?.webkitRelativePath?.split('/')[0] ?? null;
      take({ files: chosen(input.files), folder: folder || null });
      input.value = '';
    });
    return [element('button', { type: 'button', on: { click: () => input.click() } }, text), input];
  };
  return element(
    'div.tools',
    {},
    pick({ webkitdirectory: true, name: 'folder' }, t('choose-folder')),
    pick({ name: 'files' }, t('choose-files')),
  );
};

const dropZone = (take) => {
  const node = element('div.drop', {}, element('p.large', {}, t('drop-here')), element('p.fine', {}, t('drop-hint')), chooser(take));
  const over = (isOver) => (event) => {
    event.preventDefault();
    node.toggleAttribute('data-over', isOver);
  };
  node.addEventListener('dragover', over(true));
  node.addEventListener('dragleave', over(false));
  node.addEventListener('drop', async (event) => {
    over(false)(event);
    take(await dropped(event.dataTransfer));
  });
  return node;
};

window.addEventListener('online', () => totals(now.entries).failed && !now.isSending && now.restart());
window.addEventListener('beforeunload', (event) => now.isSending && event.preventDefault());

/** The section; `projects` are those that flights were sent for. */
export const uploadSection = (projects) => {
  const outcome = outcomeLine();
  const list = element(
    'datalist',
    { id: 'projects' },
    projects.map((name) => element('option', { value: name })),
  );
  const inputs = {
    project: element('input', {
      name: 'project',
      list: 'projects',
      required: true,
      value: now.flight?.project ?? localStorage.getItem(KEPT_PROJECT) ?? '',
    }),
    name: element('input', { name: 'flight', required: true, value: now.flight?.name ?? '' }),
  };
  const place = element('div.progress-place', {});
  Object.assign(now, { place, restart: () => run(outcome), tell: calmly(() => place.isConnected && progress(place, now.restart)) });
  const take = ({ files, folder }) => {
    if (folder && !inputs.name.value) inputs.name.value = folder;
    begin(inputs, files, outcome);
  };
  progress(place, now.restart);
  return element(
    'section.upload',
    {},
    element('h2', {}, t('new-flight')),
    element('div.pair', {}, field(t('project'), inputs.project), field(t('flight-name'), inputs.name, t('flight-name-hint'))),
    list,
    dropZone(take),
    outcome.node,
    place,
  );
};
