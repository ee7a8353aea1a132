// What is sent under which name.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wanted } from '../src/dropped.js';
import { entriesOf, totals } from '../src/uploader.js';

const file = (name, from = '', size = 10) => ({ name, from, size, lastModified: 0 });

test('files keep their names, and those of one name that of their folder before it', () => {
  const entries = entriesOf([file('DJI_0002.JPG', '101MEDIA'), file('DJI_0001.JPG', '100MEDIA'), file('DJI_0001.JPG', '101MEDIA')]);
  assert.deepEqual(
    entries.map((entry) => entry.name),
    ['100MEDIA_DJI_0001.JPG', '101MEDIA_DJI_0001.JPG', 'DJI_0002.JPG'],
  );
});

test('photos and the tables beside them are taken, all else is left', () => {
  const names = ['A.JPG', 'b.jpeg', 'c.dng', 'times.MRK', '.hidden.jpg', 'film.MP4', 'run.exe'];
  assert.deepEqual(
    wanted(names.map((name) => file(name))).map(({ name }) => name),
    ['A.JPG', 'b.jpeg', 'c.dng', 'times.MRK'],
  );
});

test('the whole is the sum of its files', () => {
  const entries = entriesOf([file('a.jpg', '', 5), file('b.jpg', '', 7)]);
  Object.assign(entries[0], { state: 'SENT', sent: 5 });
  assert.deepEqual(totals(entries), { files: 2, bytes: 12, sent: 5, done: 1, failed: 0, waiting: 0 });
});
