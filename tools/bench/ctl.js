// @ts-check
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { percentile } from './http-load.js';
import { bin } from './processes.js';

const runs = 15;

/**
 * Median seconds and the largest resident memory of a command.
 *
 * @param {string} program
 * @param {string[]} args
 */
async function measure(program, args) {
  const seconds = [];
  let memory = 0;
  for (let n = 0; n < runs; n++) {
    const begin = performance.now();
    // GNU time is not on every machine: a preload prints the command's own peak when it exits
    const { code, peak } = await runWithPeak(program, args);
    if (code !== 0) throw new TypeError(`${program} ${args.join(' ')} ended with ${code}`);
    seconds.push((performance.now() - begin) / 1000);
    memory = Math.max(memory, peak);
  }
  return { seconds: percentile(seconds, 0.5), memory };
}

/**
 * @param {string} program
 * @param {string[]} args
 * @returns {Promise<{ code: number | null, peak: number }>} peak: MiB
 */
function runWithPeak(program, args) {
  return new Promise((resolve, reject) => {
    // VmHWM starts anew with each program; ru_maxrss would carry over this process's own peak
    const hook =
      "data:text/javascript,import{readFileSync}from'node:fs';process.on('exit',()=>process.stderr.write(" +
      "'peak '+readFileSync('/proc/self/status','utf8').match(/VmHWM:\\s+(\\d+)/)[1]+'\\n'))";
    const child = spawn(program, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: `--import ${JSON.stringify(hook)}` },
    });
    let stderr = '';
    child.stderr.on('data', (data) => (stderr += data));
    child.once('error', reject);
    child.once('close', (code) =>
      resolve({ code, peak: Number(/peak (\d+)/.exec(stderr)?.[1] ?? 0) / 1024 }),
    );
  });
}

/**
 * `tunasynctl --help` and `list --all` of 1,000 jobs, against `node -e 0`.
 *
 * @param {string} jobs - the body of `GET /jobs`
 */
export async function benchCtl(jobs) {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json; charset=utf-8');
    response.end(jobs);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    return {
      floor: await measure(process.execPath, ['-e', '0']),
      help: await measure(bin('tunasynctl'), ['--help']),
      list: await measure(bin('tunasynctl'), ['list', '--all', '-m', '127.0.0.1', '-p', `${port}`]),
    };
  } finally {
    server.close();
  }
}
