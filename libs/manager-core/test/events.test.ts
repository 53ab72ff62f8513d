import { describe, expect, test } from '@jest/globals';
import { register, reportOf, startApi } from './api.js';

describe('events', () => {
  test('tell of statuses and workers, without tokens', async () => {
    await using api = await startApi();
    const seen: unknown[] = [];
    api.app.events.on('status', ({ worker, name, status }) => seen.push(['status', worker, name, status]));
    api.app.events.on('statusRemoved', ({ worker, name }) => seen.push(['statusRemoved', worker, name]));
    const end = api.app.events.on('worker', ({ id, token }) => seen.push(['worker', id, token]));
    api.app.events.on('workerRemoved', ({ id }) => seen.push(['workerRemoved', id]));
    await register(api, 'w1');
    end();
    await register(api, 'w1', 'a', 'b');
    await api.post('/cmd', { cmd: 'disable', mirror_id: 'a' });
    await api.delete('/jobs/disabled');
    await api.delete('/workers/w1');
    expect(seen).toEqual([
      ['worker', 'w1', 'REDACTED'],
      ['status', 'w1', 'a', 'success'],
      ['status', 'w1', 'b', 'success'],
      ['status', 'w1', 'a', 'disabled'],
      ['statusRemoved', 'w1', 'a'],
      ['workerRemoved', 'w1'],
      ['statusRemoved', 'w1', 'b'],
    ]);
  });

  test('a listener that throws is logged, and the others hear of it all the same', async () => {
    await using api = await startApi();
    const seen: string[] = [];
    api.app.events.on('status', () => {
      throw new TypeError('not my day');
    });
    api.app.events.on('status', ({ name }) => seen.push(name));
    await register(api, 'w1', 'a');
    await api.post('/workers/w1/jobs/a', reportOf('a'));
    expect(seen).toEqual(['a', 'a']);
    expect(api.logger.lines.filter(({ level }) => level === 'error')).toMatchObject([
      { message: expect.stringContaining("A listener for 'status' threw: ") },
      { message: expect.stringContaining('not my day') },
    ]);
  });
});
