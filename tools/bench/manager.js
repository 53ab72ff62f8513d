// @ts-check
import { join } from 'node:path';
import { load, percentile, rawRequest } from './http-load.js';
import { bin, freePort, residentMemory, start, until } from './processes.js';

const zero = '0001-01-01T00:00:00Z';

/** @param {string} name @param {string} status */
const report = (name, status) =>
  JSON.stringify({
    name,
    worker: 'bench',
    is_master: true,
    status,
    last_update: zero,
    last_started: zero,
    last_ended: zero,
    next_schedule: zero,
    upstream: `rsync://upstream.example.org/${name}/`,
    size: '1.33T',
    error_msg: '',
  });

const mirror = (/** @type {number} */ n) => `mirror-${String(n).padStart(4, '0')}`;

/** A report for one of 1,000 mirrors, a different one each time. */
const nextReport = (/** @type {number} */ connection, /** @type {number} */ n) => {
  const name = mirror((connection * 61 + n) % 1000);
  return rawRequest('POST', `/workers/bench/jobs/${name}`, report(name, n % 2 === 0 ? 'syncing' : 'success'));
};

/**
 * Milliseconds that a schedules post of 1,000 entries takes, all of them changed.
 *
 * @param {string} url
 */
async function schedulePosts(url) {
  const times = [];
  for (let round = 0; round < 20; round++) {
    const next_schedule = new Date(Date.now() + round * 60_000).toISOString();
    const schedules = Array.from({ length: 1000 }, (_, n) => ({ name: mirror(n), next_schedule }));
    const body = JSON.stringify({ schedules });
    const begin = performance.now();
    await (await fetch(`${url}/workers/bench/schedules`, { method: 'POST', body })).text();
    times.push(performance.now() - begin);
  }
  return percentile(times, 0.5);
}

/**
 * Milliseconds that routes for pages take with 10,000 mirrors at 20 workers, one of which has news in between.
 *
 * @param {string} url
 */
async function pageRoutes(url) {
  for (let worker = 0; worker < 20; worker++) {
    const id = `pages-${worker}`;
    await fetch(`${url}/workers`, {
      method: 'POST',
      body: JSON.stringify({ id, url: 'http://127.0.0.1:9/' }),
    });
    const posts = Array.from({ length: 500 }, (_, n) => {
      const name = `page-${worker}-${n}`;
      const body = report(name, n % 10 === 0 ? 'failed' : 'success');
      return fetch(`${url}/workers/${id}/jobs/${name}`, { method: 'POST', body }).then((reply) =>
        reply.text(),
      );
    });
    await Promise.all(posts);
  }
  /** @type {Record<string, { median: number, p95: number }>} */
  const measured = {};
  for (const path of ['/api/jobs', '/api/jobs?sort=duration&order=desc', '/api/overview']) {
    const times = [];
    for (let round = 0; round < 100; round++) {
      const name = `page-${round % 20}-${round}`;
      const news = { method: 'POST', body: report(name, round % 2 === 0 ? 'syncing' : 'success') };
      await (await fetch(`${url}/workers/pages-${round % 20}/jobs/${name}`, news)).text();
      const begin = performance.now();
      await (await fetch(`${url}${path}`)).text();
      times.push(performance.now() - begin);
    }
    measured[path] = { median: percentile(times, 0.5), p95: percentile(times, 0.95) };
  }
  return measured;
}

/**
 * A real manager with LevelDB against bare node:http with the same kind of store.
 *
 * @param {string} folder - scratch
 * @param {number} seconds - per measurement
 */
export async function benchManager(folder, seconds) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = ['--port', `${port}`, '--db-file', join(folder, 'manager.db')];
  const manager = start(
    bin('tunasync-manager'),
    [...args, '--status-file', join(folder, 'status.json')],
    join(folder, 'manager.log'),
  );
  try {
    await until('the manager', async () => (await fetch(`${url}/ping`)).ok);
    await fetch(`${url}/workers`, { method: 'POST', body: '{"id":"bench","url":"http://127.0.0.1:9/"}' });
    for (let n = 0; n < 1000; n++) {
      const body = report(mirror(n), 'success');
      await (await fetch(`${url}/workers/bench/jobs/${mirror(n)}`, { method: 'POST', body })).text();
    }
    const reports = await load(port, nextReport, { connections: 16, seconds });
    const list = rawRequest('GET', '/jobs');
    const jobs = await load(port, () => list, { connections: 16, seconds });
    const jobsBytes = (
      await (await fetch(`${url}/jobs`, { headers: { 'accept-encoding': 'identity' } })).arrayBuffer()
    ).byteLength;
    const schedules = await schedulePosts(url);
    const memory = residentMemory(manager.pid);
    // these come last: the other measurements are with 1,000 mirrors
    const pages = await pageRoutes(url);
    return { reports, jobs, jobsBytes, schedules, memory, pages };
  } finally {
    await manager.stop();
  }
}

/**
 * The floor for {@link benchManager}.
 *
 * @param {string} folder - scratch
 * @param {number} seconds - per measurement
 * @param {number} bytes - of the body that GET answers
 */
export async function benchBareServer(folder, seconds, bytes) {
  const port = await freePort();
  const script = new URL('./bare-server.js', import.meta.url).pathname;
  const args = [script, `${port}`, join(folder, 'bare.db'), `${bytes}`];
  const server = start(process.execPath, args, join(folder, 'bare.log'));
  try {
    await until('the bare server', async () => (await fetch(`http://127.0.0.1:${port}/`)).ok);
    const reports = await load(port, nextReport, { connections: 16, seconds });
    const list = rawRequest('GET', '/jobs');
    const jobs = await load(port, () => list, { connections: 16, seconds });
    return { reports, jobs };
  } finally {
    await server.stop();
  }
}
