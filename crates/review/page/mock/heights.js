// Heights out of a surface model, cell by cell.
import { fromFile } from 'geotiff';

const open = new Map();

const surface = async (path) => {
  const image = await (await fromFile(path)).getImage();
  const [cells] = await image.readRasters();
  const [west, , , north] = image.getBoundingBox();
  return { cells, width: image.getWidth(), height: image.getHeight(), west, north, size: image.getResolution()[0] };
};

/** Heights at points (east, north), null where the surface has a hole. */
export const heightsAt = async (path, points) => {
  if (!open.has(path)) open.set(path, surface(path));
  const { cells, width, height, west, north, size } = await open.get(path);
  return points.map(([e, n]) => {
    const [col, row] = [Math.floor((e - west) / size), Math.floor((north - n) / size)];
    const value = col < 0 || row < 0 || col >= width || row >= height ? NaN : cells[row * width + col];
    return Number.isFinite(value) ? Math.round(value * 1000) / 1000 : null;
  });
};
