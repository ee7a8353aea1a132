// The files of what was dropped, folders opened.

const PHOTO = /\.(jpe?g|tiff?|dng|mrk|nav|obs|bin|rtk|csv|txt)$/i;

const fileOf = (entry) => new Promise((resolve, reject) => entry.file(resolve, reject));

const batchOf = (reader) => new Promise((resolve, reject) => reader.readEntries(resolve, reject));

/** Browsers give the entries of a folder a hundred at a time. */
const childrenOf = async (folder) => {
  const reader = folder.createReader();
  const all = [];
  for (let batch = await batchOf(reader); batch.length; batch = await batchOf(reader)) all.push(...batch);
  return all;
};

const filesOf = async (entry) => {
  if (entry.isFile) return [await fileOf(entry)];
  const nested = await Promise.all((await childrenOf(entry)).map(filesOf));
  return nested.flat();
};

/** Photos, and the tables of positions that lie beside them. */
export const wanted = (files) => [...files].filter((file) => PHOTO.test(file.name) && !file.name.startsWith('.'));

/** The files of a drop, and the name of the folder if one was dropped. */
export const dropped = async (transfer) => {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return { files: wanted(transfer.files), folder: null };
  const nested = await Promise.all(entries.map(filesOf));
  return { files: wanted(nested.flat()), folder: entries.find((entry) => entry.isDirectory)?.name ?? null };
};
