import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startRsyncDaemon, tempDir } from '@tunasync/test-utils';
import type { RunningProcess } from './run-process.js';
import { makeSite, type Site } from './site.js';

/** A manager with two workers and a real rsync upstream, for tests that look at its pages. */
export interface WebSite extends AsyncDisposable {
  /** URL of the overview, with a trailing slash. */
  readonly url: string;
  /** The manager, and the worker `alpha`. */
  readonly alpha: Site;
  /** The worker `beta`; its manager is not started. */
  readonly beta: Site;
  readonly manager: RunningProcess;
  readonly alphaWorker: RunningProcess;
  readonly betaWorker: RunningProcess;
  /** Ends the command of the mirror `talk`, which prints lines until then. */
  endTalk(): Promise<void>;
  /** Starts the manager again after the test has stopped it. */
  restartManager(): Promise<RunningProcess>;
}

/** A hostile text from outside. */
export const hostileText = `<img src=x onerror="document.title='owned'">`;

/** Size of the slow mirror, bytes; it is transferred at 2 MB a second. */
const bigBytes = 24_000_000;

/** Waits until the broken mirrors have failed, and the endless one is running. */
export async function afterFirstRuns({ alpha, beta }: WebSite): Promise<void> {
  await alpha.waitForStatus('broken', ({ status }) => status === 'failed');
  await beta.waitForStatus('angry', ({ status }) => status === 'failed');
  await alpha.waitForStatus('talk', ({ status }) => status === 'syncing');
}

/** Starts everything. The first syncs are running when it resolves. */
export async function makeWebSite(): Promise<WebSite> {
  const upstream = await tempDir('tunasync-e2e-upstream-');
  await writeTree(upstream.path);
  const daemon = await startRsyncDaemon({
    modules: { pub: { path: join(upstream.path, 'pub') }, big: { path: join(upstream.path, 'big') } },
  });
  const alpha = await makeSite({ worker: 'alpha', mirrors: '' });
  const talk = `sh -c ${JSON.stringify(talkScript(join(alpha.folder, 'end-talk')))}`;
  await alpha.setMirrors(`
[[mirrors]]
name = "pub"
provider = "rsync"
upstream = "${daemon.url('pub')}"
[[mirrors]]
name = "big"
provider = "rsync"
upstream = "${daemon.url('big')}"
rsync_options = ["--bwlimit=2000", "--whole-file"]
[[mirrors]]
name = "broken"
provider = "rsync"
upstream = "${daemon.url('no-such-module')}"
retry = 1
interval = 600
[[mirrors]]
name = "talk"
provider = "command"
upstream = ${JSON.stringify(hostileText)}
command = ${JSON.stringify(talk)}
retry = 1
[mirrors.env]
MIRROR_PASSWORD = "hunter2-in-env"
`);
  const manager = await alpha.startManager();
  const [{ url }] = alpha.managers;
  const beta = await makeSite({
    worker: 'beta',
    otherManagers: [url],
    only: true,
    mirrors: `
[[mirrors]]
name = "pub"
provider = "rsync"
upstream = "${daemon.url('pub')}"
[[mirrors]]
name = "angry"
provider = "command"
upstream = "https://example.org/angry"
command = ${JSON.stringify(`sh -c ${JSON.stringify(`echo ${JSON.stringify(hostileText)}; exit 7`)}`)}
retry = 1
interval = 600
`,
  });
  const [alphaWorker, betaWorker] = await Promise.all([alpha.startWorker(), beta.startWorker()]);
  return {
    url: `${url}/ui/`,
    alpha,
    beta,
    manager,
    alphaWorker,
    betaWorker,
    endTalk: () => writeFile(join(alpha.folder, 'end-talk'), ''),
    restartManager: () => alpha.startManager(),
    async [Symbol.asyncDispose]() {
      await beta[Symbol.asyncDispose]();
      await alpha[Symbol.asyncDispose]();
      await daemon.stop();
      await upstream.remove();
    },
  };
}

async function writeTree(folder: string): Promise<void> {
  await mkdir(join(folder, 'pub'));
  await mkdir(join(folder, 'big'));
  for (const name of ['README', 'a', 'b']) await writeFile(join(folder, 'pub', name), randomBytes(2000));
  for (let part = 0; part < 12; part += 1) {
    await writeFile(join(folder, 'big', `part-${part}`), randomBytes(bigBytes / 12));
  }
}

/** A script with colours, progress by carriage returns, and HTML, which prints a line every tenth of a second. */
function talkScript(end: string): string {
  return [
    `rm -f ${end}`,
    String.raw`printf '\033[31mred words\033[0m\n'`,
    String.raw`printf '10 %%\r50 %%\r100 %%\n'`,
    `echo '${hostileText.replaceAll("'", String.raw`'\''`)}'`,
    'n=0',
    `while ! [ -e ${end} ]; do n=$((n+1)); echo line $n; sleep 0.1; done`,
    'echo the end',
  ].join('; ');
}
