import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const inSite = (path: string): string => fileURLToPath(new URL(`site/${path}`, import.meta.url));

/** Modules that the public status page shares with the other pages: it loads nothing else of them. */
const ofStatusPage =
  /[\\/](node_modules[\\/](react|react-dom|scheduler|@tabler)[\\/]|site[\\/](ui[\\/](format|now|state-label|size-text|tokens|state-badge\.module)\.|api[\\/]manager-root\.))|preload-helper/;

export default defineConfig({
  root: inSite(''),
  // relative, as a proxy may serve the pages below any path
  base: './',
  plugins: [react()],
  build: {
    outDir: fileURLToPath(new URL('dist/site/', import.meta.url)),
    emptyOutDir: true,
    license: { fileName: 'licenses.md' },
    // a strict Content-Security-Policy blocks inline scripts
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: { index: inSite('index.html'), status: inSite('status.html') },
      output: {
        // twenty scripts at the start instead of fifty; fewer would depend on each other in cycles
        codeSplitting: {
          groups: [
            { name: 'base', test: ofStatusPage, priority: 1 },
            { name: 'shared', minShareCount: 2, entriesAware: true, entriesAwareMergeThreshold: 10_000 },
          ],
        },
        chunkFileNames: ({ name }) => `assets/${name.replace(/~.*/, '')}-[hash].js`,
      },
    },
  },
  // `npx vite` in this folder: pages as they are edited, on the data of a manager at its usual port
  server: {
    proxy: Object.fromEntries(['/api', '/jobs', '/workers'].map((path) => [path, 'http://127.0.0.1:14242'])),
  },
  worker: { format: 'es' },
});
