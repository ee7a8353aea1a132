import { defineConfig } from 'vite';

const server = process.env.PLUMBLINE_URL ?? 'http://127.0.0.1:8090';

export default defineConfig({
  base: './',
  build: {
    target: 'es2022',
    sourcemap: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
  },
  server: { proxy: { '/api': server, '/log': server } },
});
