import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const inSite = (path: string): string => fileURLToPath(new URL(`site/${path}`, import.meta.url));

export default defineConfig({
  root: inSite(''),
  // relative: the pages are served under any sub-path of a proxy
  base: './',
  plugins: [react()],
  build: {
    outDir: fileURLToPath(new URL('dist/site/', import.meta.url)),
    emptyOutDir: true,
    license: { fileName: 'licenses.md' },
    // a strict Content-Security-Policy lets nothing inline run
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: { input: { index: inSite('index.html'), status: inSite('status.html') } },
  },
  // `npx vite` in this folder: pages as they are edited, on the data of a manager at its usual port
  server: {
    proxy: Object.fromEntries(['/api', '/jobs', '/workers'].map((path) => [path, 'http://127.0.0.1:14242'])),
  },
  worker: { format: 'es' },
});
