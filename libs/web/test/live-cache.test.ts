import { describe, expect, test } from '@jest/globals';
import { QueryClient, QueryObserver } from '@tanstack/react-query';
import type { ApiChanges, ApiJob, ApiJobs, ApiWorker } from '../site/api/types.js';
import { keepCacheLive, patchJobs, patchWorkers } from '../site/live/live-cache.js';
import type { LiveMessage } from '../site/live/live-message.js';

const zero = '0001-01-01T00:00:00Z';

function job(name: string, more: Partial<ApiJob> = {}): ApiJob {
  return {
    name,
    worker: 'w1',
    is_master: true,
    status: 'success',
    state: 'success',
    worker_state: 'online',
    last_update: zero,
    last_started: zero,
    last_ended: zero,
    next_schedule: zero,
    upstream: '',
    size: '1G',
    error_msg: '',
    ...more,
  };
}

const nothing = { jobs: [], removed: [], progress: [], workers: [], removed_workers: [] };
const changes = (some: Partial<ApiChanges>): ApiChanges => ({ ...nothing, ...some }) as ApiChanges;
const page = (jobs: ApiJob[]): ApiJobs => ({ total: jobs.length, jobs }) as unknown as ApiJobs;

describe('rows of the table', () => {
  test('apply changes in place', () => {
    const before = page([job('a'), job('b'), job('c')]);
    const after = patchJobs(before, changes({ jobs: [job('b', { status: 'failed', state: 'failed' })] }));
    expect(after.jobs.map(({ name, state }) => [name, state])).toEqual([
      ['a', 'success'],
      ['b', 'failed'],
      ['c', 'success'],
    ]);
    expect(after.jobs[0]).toBe(before.jobs[0]);
  });

  test('ignore changes of mirrors with the same name on another worker', () => {
    const before = page([job('a')]);
    expect(patchJobs(before, changes({ jobs: [job('a', { worker: 'w2', status: 'failed' })] }))).toBe(before);
  });

  test('show progress, and that their worker is lost', () => {
    const before = page([job('a', { status: 'syncing' })]);
    const worker = { id: 'w1', state: 'lost' } as ApiWorker;
    const [after] = patchJobs(
      before,
      changes({ progress: [{ worker: 'w1', name: 'a', percent: 42 }], workers: [worker] }),
    ).jobs;
    expect(after).toMatchObject({ name: 'a', progress: { percent: 42 }, worker_state: 'lost' });
  });
});

test('workers appear, change and disappear, sorted by name', () => {
  const worker = (id: string, state: ApiWorker['state']): ApiWorker => ({ id, state }) as ApiWorker;
  const after = patchWorkers(
    [worker('b', 'online'), worker('c', 'online')],
    changes({ workers: [worker('a', 'online'), worker('c', 'lost')], removed_workers: ['b'] }),
  );
  expect(after.map(({ id, state }) => [id, state])).toEqual([
    ['a', 'online'],
    ['c', 'lost'],
  ]);
});

test('missed events cause new requests; requests in progress finish first and are then repeated', async () => {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  let tell: (message: LiveMessage) => void = () => undefined;
  const end = keepCacheLive(client, {
    subscribe: (listener) => {
      tell = listener;
      return () => undefined;
    },
  });
  const answers: ((answer: string) => void)[] = [];
  let cancelled = 0;
  let askedTwice: () => void = () => undefined;
  const again = new Promise<void>((resolve) => (askedTwice = resolve));
  const observer = new QueryObserver(client, {
    queryKey: ['overview'],
    queryFn: ({ signal }) => {
      signal.addEventListener('abort', () => (cancelled += 1));
      return new Promise<string>((resolve) => {
        answers.push(resolve);
        if (answers.length === 2) askedTwice();
      });
    },
  });
  let forget: () => void = () => undefined;
  const newest = new Promise<void>((resolve) => {
    forget = observer.subscribe(({ data }) => {
      if (data === 'after') resolve();
    });
  });
  expect(answers).toHaveLength(1);
  tell({ kind: 'missed' });
  answers[0]?.('before');
  await again;
  expect(client.getQueryData(['overview'])).toBe('before');
  answers[1]?.('after');
  await newest;
  expect(cancelled).toBe(0);
  expect(answers).toHaveLength(2);
  forget();
  end();
  client.clear();
});
