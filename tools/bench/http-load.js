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

/**
 * Follows one answer as its bytes come in, without keeping the body.
 *
 * @returns {(chunk: Buffer) => number} the status once the answer is complete, until then 0
 */
function answerReader() {
  /** @type {Buffer} */
  let head = Buffer.alloc(0);
  let left = -1;
  let status = 0;
  return (chunk) => {
    if (left >= 0) {
      left -= chunk.length;
    } else {
      head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return 0;
      const text = head.toString('latin1', 0, end);
      status = Number(text.slice(9, 12));
      left = Number(/content-length: *(\d+)/i.exec(text)?.[1] ?? 0) - (head.length - end - 4);
    }
    return left <= 0 ? status : 0;
  };
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
    let read = answerReader();
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
      const status = read(chunk);
      if (status === 0) return;
      read = answerReader();
      run.latencies.push(performance.now() - start);
      if (status !== 200) run.onError();
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
