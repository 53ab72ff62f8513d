import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { lossOf } from '../site/actions/job-action.js';
import type { JobKey } from '../site/api/types.js';

const jobs = Array.from({ length: 120 }, (_, n): JobKey => ({ worker: 'w', name: `m${n}` }));
const { fetch: realFetch } = globalThis;
let asked: number[] = [];

beforeEach(() => {
  asked = [];
  Object.assign(globalThis, { document: { baseURI: 'http://manager/ui/' } });
  globalThis.fetch = (_url, init) => {
    const { jobs: part } = JSON.parse(init?.body as string) as { jobs: JobKey[] };
    asked.push(part.length);
    return Promise.resolve(
      Response.json({ results: part.map((job) => ({ ...job, ok: true, message: 'ok' })) }),
    );
  };
});

afterEach(() => {
  globalThis.fetch = realFetch;
  Reflect.deleteProperty(globalThis, 'document');
});

test('commands for many mirrors are sent in parts, until the signal aborts', async () => {
  const { sendCommands } = await import('../site/actions/send-commands.js');
  expect(await sendCommands('start', jobs)).toHaveLength(120);
  expect(asked).toEqual([50, 50, 20]);
  const stop = new AbortController();
  const answers = await sendCommands(
    'start',
    jobs,
    () => {
      stop.abort();
    },
    stop.signal,
  );
  expect(answers.map(({ name }) => name)).toEqual(jobs.slice(0, 50).map(({ name }) => name));
  expect(asked).toEqual([50, 50, 20, 50]);
});

test('the question mentions runs only if any are in progress', () => {
  expect(lossOf('stop', [{ status: 'success' }])).toBe('stopIdle');
  expect(lossOf('stop', [{ status: 'success' }, { status: 'syncing' }])).toBe('stop');
  expect(lossOf('restart', [{ status: 'failed' }])).toBe('restartIdle');
  expect(lossOf('disable', [{ status: 'pre-syncing' }])).toBe('disable');
  expect(lossOf('start', [{ status: 'failed' }])).toBe('start');
});
