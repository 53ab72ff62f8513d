import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDir, type TempDir } from '@tunasync/test-utils';

/** A script that is worth compressing. */
export const madeUpScript = `export const words = ${JSON.stringify('mirror '.repeat(2000))};\n`;

/** An HTML file of a frontend, with what stands in its `<base>`. */
export const madeUpPage = (title: string, base = './'): string =>
  `<!doctype html><html lang="en"><head><base href="${base}" /><title>${title}</title></head><body></body></html>`;

/** A folder such as the frontend's build leaves, beside a file that is nobody's business. */
export async function madeUpSite(): Promise<TempDir & { folder: string }> {
  const dir = await tempDir();
  const folder = join(dir.path, 'site');
  await mkdir(join(folder, 'assets'), { recursive: true });
  await Promise.all([
    writeFile(join(dir.path, 'secret.txt'), 'secret'),
    writeFile(join(folder, 'index.html'), madeUpPage('tunasync')),
    writeFile(join(folder, 'status.html'), madeUpPage('Mirror status')),
    writeFile(join(folder, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>'),
    writeFile(join(folder, 'assets', 'index-Bx1_-9.js'), madeUpScript),
    writeFile(join(folder, 'assets', 'font-Q2.woff2'), Buffer.alloc(5000)),
    writeFile(join(folder, 'assets', 'strange'), 'x'),
  ]);
  await symlink('../secret.txt', join(folder, 'link.txt'));
  return { ...dir, folder };
}
