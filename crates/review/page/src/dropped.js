// The files of what was dropped, folders opened.

const PHOTO = /\.(jpe?g|tiff?|dng|mrk|nav|obs|bin|csv|txt)$/i;

const fileOf = (entry) => new Promise((resolve, reject) => entry.file(resolve, reject));

const batchOf = (reader) => new Promise((resolve, reject) => reader.readEntries(resolve, reject));

/** Browsers give the entries of a folder a hundred at a time. */
const childrenOf = async (folder) => {
  const reader = folder.createReader();
  const all = [];
  for (let batch = await batchOf(reader); batch.length; batch = await batchOf(reader)) all.push(...batch);
  return all;
};

/** Every file below an entry, each with the name of the folder that it lay in. */
const filesOf = async (entry, from = '') => {
  if (entry.isFile) return [Object.assign(await fileOf(entry), { from })];
  const nested = await Promise.all((await childrenOf(entry)).map((child) => filesOf(child, entry.name)));
  return nested.flat();
};

/** Photos, and the tables of positions that lie beside them. */
export const wanted = (files) => [...files].filter((file) => PHOTO.test(file.name) && !file.name.startsWith('.'));

/** The files that were chosen in a dialog, each with the name of its folder. */
export const chosen = (files) =>
  wanted(files).map((file) => Object.assign(file, { from: file.webkitRelativePath.split('/').at(-2) ?? '' }));

/** The files of a drop, and the name of the folder if one was dropped. */
export const dropped = async (transfer) => {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return { files: wanted(transfer.files), folder: null };
  const nested = await Promise.all(entries.map((entry) => filesOf(entry)));
  return { files: wanted(nested.flat()), folder: entries.find((entry) => entry.isDirectory)?.name ?? null };
};
