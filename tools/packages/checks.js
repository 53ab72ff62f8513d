// @ts-check
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
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
    { name: `contents of ${pkg.name}`, problem: () => missingContents(tarball) },
  ];
}

/** Fields that a package's page in a registry and a release need. */
const requiredFields = ['license', 'homepage', 'bugs', 'repository', 'engines', 'files'];

/**
 * A published package has its license, as the GPL demands, a README, links to its repository, and the sources that its
 * source maps point to.
 *
 * @param {string} tarball
 * @returns {Promise<string | undefined>}
 */
async function missingContents(tarball) {
  const list = await runCaptured('tar', ['-tzf', tarball], { cwd: root });
  if (list.code !== 0) return list.stderr;
  const files = new Set(list.stdout.split('\n'));
  const read = async (/** @type {string} */ file) =>
    (await runCaptured('tar', ['-xzOf', tarball, file], { cwd: root })).stdout;
  const manifest = JSON.parse(await read('package/package.json'));
  const problems = requiredFields.filter((field) => !(field in manifest)).map((field) => `no ${field}`);
  for (const file of ['LICENSE', 'README.md']) if (!files.has(`package/${file}`)) problems.push(`no ${file}`);
  if ((await read('package/LICENSE')) !== readFileSync(join(root, 'LICENSE'), 'utf8')) {
    problems.push('LICENSE differs from that of the repository');
  }
  // the maps of compiled sources; bundles have their own
  const maps = [...files].filter((file) => /^package\/dist\/.*\.js\.map$/.test(file));
  const unresolved = maps.filter((file) => {
    const source = file.replace('package/dist/', 'package/src/').replace(/\.js\.map$/, '');
    const isModule = files.has(file.replace(/\.js\.map$/, '.d.ts'));
    return isModule && !files.has(`${source}.ts`) && !files.has(`${source}.js`);
  });
  if (unresolved.length > 0) problems.push(`no sources for ${unresolved.slice(0, 3).join(', ')}`);
  return problems.length === 0 ? undefined : problems.join('; ');
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
