// @ts-check
import { cpSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { root } from '../setup/run.js';
import { readmeExample } from './publishable.js';
import { runCaptured } from './run-captured.js';

/** @typedef {import('./publishable.js').Package} Package */
/** @typedef {{ name: string, problem: () => Promise<string | undefined> }} Check */

/** @param {import('./run-captured.js').Captured} result */
function failure(result) {
  if (result.code !== 0) return `exit code ${result.code}: ${result.stderr || result.stdout}`;
  return result.stdout.trim() === '' ? 'it printed nothing' : undefined;
}

/**
 * The package's own metadata and types, read from its tarball.
 *
 * @param {Package} pkg
 * @param {string} tarball
 * @returns {Check[]}
 */
export function metadataChecks(pkg, tarball) {
  return [
    {
      name: `publint ${pkg.name}`,
      problem: async () => {
        const { messages, pkg: manifest } = await publint({
          pkgDir: pkg.folder,
          level: 'warning',
          strict: true,
        });
        return messages.map((message) => formatMessage(message, manifest)).join('; ') || undefined;
      },
    },
    {
      name: `attw ${pkg.name}`,
      problem: async () => {
        const attw = join(root, 'node_modules/.bin/attw');
        const result = await runCaptured(
          attw,
          [tarball, '--profile', 'esm-only', '--no-color', '--format', 'ascii'],
          {
            cwd: root,
          },
        );
        return result.code === 0 ? undefined : result.stdout + result.stderr;
      },
    },
  ];
}

/**
 * What a user of the installed package does: run its README's example and its commands.
 *
 * @param {Package} pkg
 * @param {string} folder - where the tarballs are installed
 * @returns {Check[]}
 */
export function usageChecks(pkg, folder) {
  const file = join(folder, `readme-${pkg.name.replaceAll(/\W/g, '-')}.mjs`);
  return [
    {
      name: `README example of ${pkg.name}`,
      problem: async () => {
        const example = readmeExample(pkg);
        if (example === undefined) return 'the README has no js block';
        writeFileSync(file, example);
        return failure(await runCaptured(process.execPath, [file], { cwd: folder }));
      },
    },
    ...pkg.bins.flatMap((bin) =>
      ['--version', '--help'].map((flag) => ({
        name: `${pkg.name}: ${bin} ${flag}`,
        problem: async () =>
          failure(await runCaptured(join(folder, 'node_modules/.bin', bin), [flag], { cwd: folder })),
      })),
    ),
  ];
}

/**
 * The embedding example, copied next to the installed packages.
 *
 * @param {string} folder
 * @returns {Check[]}
 */
export function exampleChecks(folder) {
  const source = join(root, 'examples/embed-worker');
  return readdirSync(source)
    .filter((file) => /\.[mc]js$/.test(file))
    .map((file) => ({
      name: `embed-worker by ${file.endsWith('.cjs') ? 'require' : 'import'}`,
      problem: async () => {
        cpSync(join(source, file), join(folder, file));
        return failure(await runCaptured(process.execPath, [join(folder, file)], { cwd: folder }));
      },
    }));
}
