import { expect, test } from '@jest/globals';
import { waitFor } from '@tunasync/test-utils';
import { startApi } from './api.js';

test('requests are logged with their result when the option is on', async () => {
  await using api = await startApi('front', { logRequests: true });
  await api.get('/jobs?x=1');
  await api.post('/workers/nope/schedules', {});
  await api.get('/nope');
  const lines = await waitFor('three lines', () => {
    const found = api.logger.lines.filter(({ message }) => message.endsWith(' ms'));
    return found.length === 3 ? found : undefined;
  });
  expect(lines.map(({ level, message }) => [level, message.replace(/[\d.]+ ms$/, '1 ms')])).toEqual([
    ['debug', 'GET /jobs?x=1 200 1 ms'],
    ['debug', 'POST /workers/nope/schedules 400 1 ms'],
    ['debug', 'GET /nope 404 1 ms'],
  ]);
});
