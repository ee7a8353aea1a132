// Sends the files of one flight by tus: three at a time, again and again until each has arrived whole.
import { Upload } from 'tus-js-client';

const AT_ONCE = 3;
/** Waits between tries: soon at first, then every half minute for two hours. Each piece that arrives begins them anew. */
const RETRY_MS = [0, 1000, 3000, 5000, 10000, 20000, ...Array(240).fill(30000)];
/** What may go better another time: no answer, a broken link, a file that another try holds, too many requests. */
const PASSING = [0, 408, 409, 423, 429];
const PIECE = 8 * 1024 * 1024;
/** Digests are made of files up to this size: the browser needs them whole in memory. */
const DIGEST_MOST = 256 * 1024 * 1024;
const KEPT = 'plumbline.sent.';

/** The same file for the same flight has the same fingerprint: dropping the folder again resumes it. */
const fingerprintOf = (flight, { name, file }) => ['plumbline', flight.project, flight.name, name, file.size, file.lastModified].join('|');

const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

const digestOf = async (file) => {
  if (!globalThis.crypto?.subtle || file.size > DIGEST_MOST) return null;
  return hex(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
};

/** One file on its way. */
const entryOf = (file, name) => ({ file, name, size: file.size, sent: 0, state: 'WAITING', why: null, sha256: null, upload: null });

const wasSent = (flight, entry) => localStorage.getItem(KEPT + fingerprintOf(flight, entry));

const optionsOf = (flight, entry, settle, tell) => ({
  endpoint: '/api/uploads',
  chunkSize: PIECE,
  retryDelays: RETRY_MS,
  headers: { 'X-Plumbline': '1' },
  metadata: { flight: flight.name, project: flight.project, filename: entry.name, ...(entry.sha256 && { sha256: entry.sha256 }) },
  fingerprint: async () => fingerprintOf(flight, entry),
  removeFingerprintOnSuccess: true,
  onProgress: (sent) => {
    Object.assign(entry, { sent, state: 'SENDING', why: null });
    tell();
  },
  onShouldRetry: (error) => {
    const status = error.originalResponse?.getStatus() ?? 0;
    const isPassing = PASSING.includes(status) || status >= 500;
    if (isPassing) Object.assign(entry, { state: 'WAITING_FOR_LINK' });
    tell();
    return isPassing;
  },
  onError: (error) => settle('FAILED', error),
  onSuccess: () => settle('SENT', null),
});

const send = async (flight, entry, tell) => {
  const known = wasSent(flight, entry);
  if (known !== null) {
    Object.assign(entry, { state: 'SENT', sent: entry.size, sha256: known || null });
    return tell();
  }
  entry.state = 'DIGESTING';
  tell();
  try {
    entry.sha256 = await digestOf(entry.file);
  } catch (error) {
    Object.assign(entry, { state: 'FAILED', why: error.message });
    return tell();
  }
  await new Promise((resolve) => {
    const settle = (state, why) => {
      Object.assign(entry, { state, why: why?.message ?? null });
      if (state === 'SENT') {
        entry.sent = entry.size;
        localStorage.setItem(KEPT + fingerprintOf(flight, entry), entry.sha256 ?? '');
      }
      tell();
      resolve();
    };
    entry.upload = new Upload(entry.file, optionsOf(flight, entry, settle, tell));
    entry.upload.findPreviousUploads().then((previous) => {
      if (previous.length) entry.upload.resumeFromPreviousUpload(previous[0]);
      entry.upload.start();
    });
  });
  return null;
};

/** What is known of the whole. */
export const totals = (entries) => {
  const sum = (pick) => entries.reduce((total, entry) => total + pick(entry), 0);
  const of = (state) => entries.filter((entry) => entry.state === state).length;
  return {
    files: entries.length,
    bytes: sum((entry) => entry.size),
    sent: sum((entry) => entry.sent),
    done: of('SENT'),
    failed: of('FAILED'),
    waiting: of('WAITING_FOR_LINK'),
  };
};

/** Sends what has not arrived; resolves when every file has arrived or failed. */
export const sendAll = async (flight, entries, tell) => {
  const waiting = entries.filter((entry) => entry.state !== 'SENT');
  const lane = async () => {
    for (let entry = waiting.shift(); entry; entry = waiting.shift()) await send(flight, entry, tell);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return totals(entries);
};

/** The files as entries, in the order of their names. A camera begins to count anew in its next folder: what is there twice keeps that folder's name. */
export const entriesOf = (files) => {
  const counts = new Map();
  files.forEach(({ name }) => counts.set(name, (counts.get(name) ?? 0) + 1));
  const nameOf = (file) => (counts.get(file.name) > 1 && file.from ? `${file.from}_${file.name}` : file.name);
  return files.map((file) => entryOf(file, nameOf(file))).sort((a, b) => a.name.localeCompare(b.name));
};

/** Forgets which files were sent: the flight is complete. */
export const forget = (flight, entries) => entries.forEach((entry) => localStorage.removeItem(KEPT + fingerprintOf(flight, entry)));

/** Takes it that nothing was sent: the server says it does not have all. */
export const startOver = (flight, entries) => {
  forget(flight, entries);
  entries.forEach((entry) => Object.assign(entry, { state: 'WAITING', sent: 0 }));
};
