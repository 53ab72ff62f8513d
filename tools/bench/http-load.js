// @ts-check
import { connect } from 'node:net';

/** @typedef {{ perSecond: number, p50: number, p99: number, errors: number }} LoadResult */

/**
 * The value below which `share` of the values lie.
 *
 * @param {number[]} values
 * @param {number} share - 0 to 1
 */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/**
 * A request as it goes over the wire.
 *
 * @param {string} method
 * @param {string} path
 * @param {string} [body]
 */
export function rawRequest(method, path, body) {
  const entity =
    body === undefined
      ? ''
      : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
  return Buffer.from(`${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${entity}\r\n${body ?? ''}`);
}

/** Where an answer's body ends, or -1 while the answer is incomplete. @param {Buffer} data */
function answerEnd(data) {
  const head = data.indexOf('\r\n\r\n');
  if (head < 0) return -1;
  const length = /content-length: *(\d+)/i.exec(data.toString('latin1', 0, head))?.[1];
  const end = head + 4 + Number(length ?? 0);
  return data.length >= end ? end : -1;
}

/**
 * Sends requests over one connection, one after the other, until `deadline`.
 *
 * A bare socket instead of an HTTP client: the generator shares two cores with the server that it measures.
 *
 * @param {number} port
 * @param {(n: number) => Buffer} request
 * @param {{ deadline: number, latencies: number[], onError: () => void }} run
 * @returns {Promise<void>}
 */
function drive(port, request, run) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    /** @type {Buffer[]} */
    let chunks = [];
    let sent = 0;
    let start = 0;
    const next = () => {
      if (performance.now() >= run.deadline) {
        socket.end();
        resolve();
        return;
      }
      start = performance.now();
      socket.write(request(sent++));
    };
    socket.once('connect', next);
    socket.once('error', reject);
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      const data = chunks.length === 1 ? chunk : Buffer.concat(chunks);
      if (answerEnd(data) < 0) {
        chunks = [data];
        return;
      }
      chunks = [];
      run.latencies.push(performance.now() - start);
      if (data.toString('latin1', 9, 12) !== '200') run.onError();
      next();
    });
  });
}

/**
 * Puts load on a server for `seconds`, after a warm-up of one second.
 *
 * @param {number} port
 * @param {(connection: number, n: number) => Buffer} request - made anew for each
 * @param {{ connections: number, seconds: number }} options
 * @returns {Promise<LoadResult>}
 */
export async function load(port, request, { connections, seconds }) {
  let errors = 0;
  const round = async (/** @type {number} */ length) => {
    /** @type {number[]} */
    const latencies = [];
    const start = performance.now();
    const run = { deadline: start + length * 1000, latencies, onError: () => (errors += 1) };
    await Promise.all(
      Array.from({ length: connections }, (_, connection) => drive(port, (n) => request(connection, n), run)),
    );
    return { latencies, elapsed: (performance.now() - start) / 1000 };
  };
  await round(1);
  const { latencies, elapsed } = await round(seconds);
  return {
    perSecond: latencies.length / elapsed,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    errors,
  };
}
