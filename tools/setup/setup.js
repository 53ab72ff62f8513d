// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasProgram, root, run, ToolError } from './run.js';

/** Program → Debian package that has it. */
export const debianPackages = {
  rsync: 'rsync',
  dockerd: 'docker.io',
  busybox: 'busybox-static',
  'redis-server': 'redis-server',
  btrfs: 'btrfs-progs',
  'apt-ftparchive': 'apt-utils',
  'systemd-analyze': 'systemd',
  openssl: 'openssl',
  tini: 'tini',
  zsh: 'zsh',
  fish: 'fish',
  chromium: 'chromium',
  'stress-ng': 'stress-ng',
};

/** The programs that tests use. */
export const testPrograms = /** @type {(keyof typeof debianPackages)[]} */ (
  Object.keys(debianPackages).filter((program) => program !== 'stress-ng')
);

/** Environment in which Nx neither starts a daemon nor worker processes: quick, and nothing stays behind. */
export const nxEnv = { NX_DAEMON: 'false', NX_ISOLATE_PLUGINS: 'false' };

/** Refuses a Node that is too old. */
function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new ToolError(`tunasync needs Node 20.19 or newer; this is ${process.version}`);
  }
}

/**
 * Installs the Debian packages of the programs that are missing, as root; else says which to install.
 *
 * @param {(keyof typeof debianPackages)[]} programs
 */
async function installPrograms(programs) {
  const packages = programs
    .filter((program) => !hasProgram(program))
    .map((program) => debianPackages[program]);
  if (packages.length === 0) return;
  const command = `apt-get install -y ${packages.join(' ')}`;
  if (process.getuid?.() !== 0 || !hasProgram('apt-get')) {
    throw new ToolError(`missing programs; please run: ${command}`);
  }
  process.stdout.write(`installing Debian packages: ${packages.join(' ')}\n`);
  // RUNLEVEL=1: the package of redis-server must not start a server of its own
  const env = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  await run('apt-get', ['update', '-qq'], { env, quiet: true });
  if (
    (await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
      env,
      quiet: true,
    })) !== 0
  ) {
    throw new ToolError(`could not install packages: ${command}`);
  }
}

/** Installs the npm packages of the lock file, unless they are there already. */
async function installModules() {
  const lock = readFileSync(join(root, 'package-lock.json'));
  const digest = createHash('sha256').update(lock).digest('hex');
  const stamp = join(root, 'node_modules', '.tunasync-setup');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  process.stdout.write('installing npm packages (about half a minute) …\n');
  if ((await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { quiet: true })) !== 0) {
    throw new ToolError('npm ci failed');
  }
  writeFileSync(stamp, digest);
}

/** Builds all packages; what has not changed comes from Nx's cache. */
export async function build() {
  if ((await run('npx', ['nx', 'run-many', '-t', 'build'], { env: nxEnv, quiet: true })) !== 0) {
    throw new ToolError('the build failed');
  }
}

/**
 * Makes a fresh checkout ready: Node's version, programs, npm packages.
 *
 * @param {(keyof typeof debianPackages)[]} programs - what the caller needs on the PATH
 */
export async function setUp(programs) {
  checkNode();
  await installPrograms(programs);
  await installModules();
}
