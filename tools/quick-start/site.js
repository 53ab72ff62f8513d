// @ts-check
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { root } from '../setup/run.js';
import { rsyncdConf, writeUpstream } from './upstream.js';

/**
 * The value of a flag of `npm start`.
 *
 * @param {string} name
 * @param {string} otherwise
 */
const flag = (name, otherwise) =>
  process.argv.find((arg) => arg.startsWith(`${name}=`))?.slice(name.length + 1) ?? otherwise;

/** Where the sample site keeps everything. */
export const stateDir = resolve(root, flag('--state', '.tunasync'));

/** The sample site's ports; the manager's is the established default. */
export const ports = {
  manager: Number(flag('--manager-port', '14242')),
  worker: Number(flag('--worker-port', '16000')),
  upstream: Number(flag('--upstream-port', '18730')),
};

/** The worker's id. */
export const workerName = 'quick-start';

/** Mirror → module of the upstream that it must equal, or undefined for the one that fails. */
export const mirrors = { pub: 'pub', debian: 'debian', scripted: 'pub', slow: 'pub', broken: undefined };

/** @param {string} name */
export const inState = (name) => join(stateDir, name);

const managerConf = () => `[server]
addr = "127.0.0.1"
port = ${ports.manager}

[files]
db_type = "leveldb"
db_file = "${inState('manager.db')}"
status_file = "${inState('tunasync.json')}"
`;

const workerConf = () => `[global]
name = "${workerName}"
log_dir = "${inState('log')}/{{.Name}}"
mirror_dir = "${inState('mirrors')}"
state_dir = "${inState('worker')}"
concurrent = 4
interval = 5

[manager]
api_base = "http://127.0.0.1:${ports.manager}"

[server]
hostname = "127.0.0.1"
listen_addr = "127.0.0.1"
listen_port = ${ports.worker}

[[mirrors]]
name = "pub"
provider = "rsync"
upstream = "rsync://127.0.0.1:${ports.upstream}/pub/"

[[mirrors]]
name = "debian"
provider = "two-stage-rsync"
stage1_profile = "debian"
upstream = "rsync://127.0.0.1:${ports.upstream}/debian/"

[[mirrors]]
name = "scripted"
provider = "command"
upstream = "rsync://127.0.0.1:${ports.upstream}/pub/"
command = "${join(root, 'tools/quick-start/fetch-pub.sh')}"
size_pattern = "Total size is ([0-9\\\\.]+[KMGTP]?)"

# sends everything again each time, at 1 MB a second: there is a progress to watch
[[mirrors]]
name = "slow"
provider = "rsync"
upstream = "rsync://127.0.0.1:${ports.upstream}/pub/"
rsync_options = ["--ignore-times", "--whole-file", "--bwlimit=1000"]
interval = 60

# fails on purpose: the upstream has no such module
[[mirrors]]
name = "broken"
provider = "rsync"
upstream = "rsync://127.0.0.1:${ports.upstream}/no-such-module/"
retry = 1
`;

/** Writes the sample upstream and the configuration files; what the daemons wrote before stays. */
export function writeSite() {
  mkdirSync(stateDir, { recursive: true });
  writeUpstream(inState('upstream'));
  writeFileSync(inState('rsyncd.conf'), rsyncdConf(inState('upstream'), ports.upstream));
  writeFileSync(inState('manager.conf'), managerConf());
  writeFileSync(inState('worker.conf'), workerConf());
}
