import { fileURLToPath } from 'node:url';

/**
 * Absolute path of the folder with the frontend's static files: `index.html`, `status.html` and `assets/`. It
 * exists once the package is built.
 */
export const siteFolder: string = fileURLToPath(new URL('../dist/site/', import.meta.url));
