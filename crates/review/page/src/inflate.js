// Unpacks deflated tiles with what the browser has built in: off the page's thread, and nothing to fetch first.
import { addDecoder, BaseDecoder } from 'geotiff';

const ADOBE_DEFLATE = 8;
const DEFLATE = 32946;

class Inflate extends BaseDecoder {
  decodeBlock(buffer) {
    const stream = new Blob([buffer]).stream().pipeThrough(new DecompressionStream('deflate'));
    return new Response(stream).arrayBuffer();
  }
}

addDecoder([ADOBE_DEFLATE, DEFLATE], async () => Inflate);
