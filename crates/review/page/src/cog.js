// A cloud-optimised GeoTIFF as a layer of a map: tiles by HTTP range, painted without WebGL, so that any tablet shows them.
import { fromUrl } from 'geotiff';
import TileLayer from 'ol/layer/Tile.js';
import ImageTile from 'ol/source/ImageTile.js';
import TileGrid from 'ol/tilegrid/TileGrid.js';
import './inflate.js';

const MASK = 4;

/** The image and its overviews, coarse to fine; masks stay out. */
const levelsOf = async (tiff) => {
  const images = await Promise.all(Array.from({ length: await tiff.getImageCount() }, (_, i) => tiff.getImage(i)));
  const kinds = await Promise.all(images.map((image) => image.fileDirectory.loadValue('NewSubfileType')));
  return images.filter((_, i) => !(kinds[i] & MASK)).sort((a, b) => a.getWidth() - b.getWidth());
};

const gridOf = (levels) => {
  const finest = levels.at(-1);
  const extent = finest.getBoundingBox();
  return new TileGrid({
    extent,
    origin: [extent[0], extent[3]],
    resolutions: levels.map((level) => (extent[2] - extent[0]) / level.getWidth()),
    tileSizes: levels.map((level) => [level.getTileWidth(), level.getTileHeight()]),
  });
};

const tileOf = async (image, x, y, paint) => {
  const [width, height] = [image.getTileWidth(), image.getTileHeight()];
  const window = [x * width, y * height, Math.min((x + 1) * width, image.getWidth()), Math.min((y + 1) * height, image.getHeight())];
  const cells = await image.readRasters({ window, interleave: true });
  const pixels = new ImageData(window[2] - window[0], window[3] - window[1]);
  paint(cells, pixels.data, image.getSamplesPerPixel());
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  canvas.getContext('2d').putImageData(pixels, 0, 0);
  return canvas;
};

/** Colours as they are; the fourth sample is the coverage. */
export const paintColours = (cells, pixels, samples) => {
  const grey = samples < 3;
  for (let from = 0, to = 0; to < pixels.length; from += samples, to += 4) {
    pixels[to] = cells[from];
    pixels[to + 1] = cells[grey ? from : from + 1];
    pixels[to + 2] = cells[grey ? from : from + 2];
    pixels[to + 3] = samples === 4 ? cells[from + 3] : 255;
  }
};

/** Opens a file; its layer, and the extent that it covers. */
export const cogLayer = async (href, projection, paint = paintColours) => {
  const levels = await levelsOf(await fromUrl(href, { allowFullFile: true }));
  const tileGrid = gridOf(levels);
  const loader = (z, x, y) => tileOf(levels[z], x, y, paint);
  const source = new ImageTile({ loader, tileGrid, projection, wrapX: false, transition: 0 });
  return { layer: new TileLayer({ source, extent: tileGrid.getExtent() }), extent: tileGrid.getExtent() };
};
