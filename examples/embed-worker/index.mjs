import { log } from 'node:console';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseWorkerConfig } from '@tunasync/config';
import { createWorker } from '@tunasync/worker-core';

// defines `provider = "page"`: the commands to run, and how to read their results
const page = {
  name: 'page',
  create: ({ upstream, workingDir: cwd }) => ({
    name: 'page',
    commands: ({ logFile }) => [{ argv: ['cp', '-v', upstream, 'page'], cwd, env: {}, logFile }],
    succeeded: ({ code }) => code === 0,
    inspect: async (_attempt, { code }) =>
      code === 0 ? { ok: true, size: '1K' } : { ok: false, message: `exit status ${code}` },
  }),
};

const folder = mkdtempSync(join(tmpdir(), 'embed-worker-'));
const text = `
  global = { name = "embedded", mirror_dir = "${folder}/data", log_dir = "${folder}/log", concurrent = 2, interval = 60 }
  mirrors = [{ name = "hosts", provider = "page", upstream = "/etc/hosts", retry = 1 }]`;
const config = await parseWorkerConfig(text, { providers: [page] });
if (!config.ok) throw new TypeError(config.diagnostics[0]?.message);

const worker = createWorker({ config: config.value, providers: [page] });
worker.on('job-state', ({ mirror, state }) => log(`${mirror} is ${state}`));
const ended = new Promise((resolve) => worker.on('run-ended', resolve));
await worker.start();
log(await ended);
await worker.stop();
rmSync(folder, { recursive: true });
