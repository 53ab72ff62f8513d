import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { memoryLogger } from '@tunasync/logger';
import { tempDir } from '@tunasync/test-utils';
import { frontendOf, tellFrontend, type FrontendOptions } from '../src/frontend.js';

const told = (options: FrontendOptions): string[] => {
  const logger = memoryLogger();
  tellFrontend(options, 'http://127.0.0.1:14242', logger);
  return logger.lines.map(({ level, message }) => `${level} ${message}`);
};

test('the frontend is served when it was built and is enabled', async () => {
  await using folder = await tempDir();
  await writeFile(join(folder.path, 'index.html'), '');
  const here = { folder: folder.path };
  const wanted = frontendOf({ ui: true, publicUrl: '' }, folder.path);
  expect(wanted).toEqual({ extensions: true, ui: here });
  expect(told(wanted)).toEqual(['notice The web frontend is at http://127.0.0.1:14242/ui/']);
  const proxied = frontendOf({ ui: true, publicUrl: 'https://m/x' }, folder.path);
  expect(proxied).toEqual({ extensions: true, publicUrl: 'https://m/x', ui: here });
  expect(told(proxied)).toEqual(['notice The web frontend is at https://m/x/ui/']);
  const unwanted = frontendOf({ ui: false, publicUrl: '' }, folder.path);
  expect(unwanted).toEqual({ extensions: false });
  expect(told(unwanted)).toEqual([]);
});

test('a manager without a built frontend runs and warns', () => {
  const options = frontendOf({ ui: true, publicUrl: '' }, '/nowhere');
  expect(options).toEqual({ extensions: true });
  expect(told(options)).toEqual([
    'warn The web frontend is missing because it was not built (npm run build)',
  ]);
});
