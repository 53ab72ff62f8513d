// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Reproducible bytes, so that a second start makes the same tree.
 *
 * @param {string} seed
 * @param {number} length - bytes
 */
function bytes(seed, length) {
  const blocks = [];
  for (
    let size = 0, block = createHash('sha256').update(seed).digest();
    size < length;
    size += block.length
  ) {
    blocks.push(block);
    block = createHash('sha256').update(block).digest();
  }
  return Buffer.concat(blocks).subarray(0, length);
}

/** @param {Buffer} data */
const sha256 = (data) => createHash('sha256').update(data).digest('hex');

/** The tree of the sample upstream: path → content. Two modules, `pub` and `debian`. */
function sampleTree() {
  /** @type {Map<string, Buffer>} */
  const files = new Map();
  for (let n = 1; n <= 24; n++) {
    files.set(`pub/releases/tool-1.${n}.tar.xz`, bytes(`tool ${n}`, n * 40_000));
    files.set(
      `pub/releases/tool-1.${n}.tar.xz.sha256`,
      Buffer.from(`${sha256(bytes(`tool ${n}`, n * 40_000))}\n`),
    );
  }
  files.set('pub/README', Buffer.from('A small tree to try tunasync with.\n'));
  const index = [];
  for (const name of ['alpha', 'beta', 'gamma', 'delta']) {
    const data = bytes(`package ${name}`, 300_000);
    const path = `pool/main/${name.slice(0, 1)}/${name}/${name}_1.0_all.deb`;
    files.set(`debian/${path}`, data);
    index.push(
      `Package: ${name}\nVersion: 1.0\nFilename: ${path}\nSize: ${data.length}\nSHA256: ${sha256(data)}\n`,
    );
  }
  const packages = Buffer.from(index.join('\n'));
  files.set('debian/dists/stable/main/binary-all/Packages', packages);
  files.set(
    'debian/dists/stable/Release',
    Buffer.from(`Suite: stable\nSHA256:\n ${sha256(packages)} ${packages.length} main/binary-all/Packages\n`),
  );
  return files;
}

/**
 * Writes the sample upstream's tree below `folder`; files that are there stay as they are.
 *
 * @param {string} folder
 */
export function writeUpstream(folder) {
  for (const [path, data] of sampleTree()) {
    const file = join(folder, path);
    if (existsSync(file)) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, data);
  }
}

/**
 * The configuration of the sample upstream's rsync daemon.
 *
 * @param {string} folder - the tree's
 * @param {number} port
 */
export function rsyncdConf(folder, port) {
  // as root the daemon would serve as nobody, who may not be able to enter the checkout
  const self = process.getuid?.() === 0 ? 'uid = 0\ngid = 0\n' : '';
  const module = (/** @type {string} */ name) => `[${name}]\npath = ${join(folder, name)}\n`;
  return [
    `address = 127.0.0.1\nport = ${port}\nuse chroot = no\nread only = yes\nreverse lookup = no\n${self}`,
    module('pub'),
    module('debian'),
  ].join('\n');
}
