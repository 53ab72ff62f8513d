// the same from a CommonJS program
const { log } = require('node:console');
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { parseWorkerConfig } = require('@tunasync/config');
const { createWorker } = require('@tunasync/worker-core');

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'embed-worker-'));
  const text = `
    global = { name = "embedded", mirror_dir = "${folder}/data", log_dir = "${folder}/log", concurrent = 2, interval = 60 }
    mirrors = [{ name = "hosts", provider = "command", command = "cp -v /etc/hosts page", upstream = "/etc/hosts" }]`;
  const config = await parseWorkerConfig(text);
  if (!config.ok) throw new TypeError(config.diagnostics[0]?.message);

  const worker = createWorker({ config: config.value });
  worker.on('job-state', ({ mirror, state }) => log(`${mirror} is ${state}`));
  const ended = new Promise((resolve) => worker.on('run-ended', resolve));
  await worker.start();
  log(await ended);
  await worker.stop();
  rmSync(folder, { recursive: true });
}

void main();
