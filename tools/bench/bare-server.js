// @ts-check
/**
 * The floor that the manager is compared with: node:http that reads a body, parses it, puts one batch for all
 * requests that arrived meanwhile into LevelDB with sync, and answers; and a fixed buffer for GET.
 *
 * Usage: node bare-server.js PORT DATABASE BODY-BYTES
 */
import { createServer } from 'node:http';
import { Level } from 'level';

const [port, path, bytes] = process.argv.slice(2);
const db = new Level(path ?? '');
await db.open();
const fixed = Buffer.alloc(Number(bytes), 'x');

/** @type {{ key: string, value: string, done: () => void }[]} */
let waiting = [];
let busy = false;

async function flush() {
  busy = true;
  while (waiting.length > 0) {
    const batch = waiting;
    waiting = [];
    await db.batch(
      batch.map(({ key, value }) => ({ type: 'put', key, value })),
      { sync: true },
    );
    for (const { done } of batch) done();
  }
  busy = false;
}

createServer((request, response) => {
  if (request.method === 'GET') {
    response.setHeader('content-length', fixed.length);
    response.end(fixed);
    return;
  }
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk) => (body += chunk));
  request.on('end', () => {
    const value = JSON.stringify(JSON.parse(body));
    waiting.push({
      key: request.url ?? '',
      value,
      done: () => {
        response.setHeader('content-length', Buffer.byteLength(value));
        response.end(value);
      },
    });
    if (!busy) void flush();
  });
}).listen(Number(port), '127.0.0.1');
