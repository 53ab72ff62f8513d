import { describe, expect, test } from '@jest/globals';
import { register, startApi, ways } from './api.js';
import { fakeWorker } from './fake-worker.js';

describe.each(ways)('the plan and the configuration of a job, %s', (way) => {
  test('come from its worker, whatever other worker has the mirror too', async () => {
    await using worker = await fakeWorker((request, response) => {
      response.end(JSON.stringify({ from: request.url }));
    });
    await using api = await startApi(way);
    await register(api, 'w1');
    await register(api, 'w2');
    await api.post('/workers', { id: 'w2', url: worker.url });
    for (const part of ['plan', 'config']) {
      expect(await api.get(`/api/jobs/w2/a%20b/${part}?worker=w1`)).toMatchObject({
        status: 200,
        json: { from: `/jobs/a%20b/${part}` },
        headers: { 'content-type': 'application/json; charset=utf-8' },
      });
    }
    expect(worker.asked).toEqual(['GET /jobs/a%20b/plan', 'GET /jobs/a%20b/config']);
  });

  test('of a worker that is too old is a 501; of one that is not there, a 502', async () => {
    await using worker = await fakeWorker((request, response) => {
      response.statusCode = 404;
      response.end(JSON.stringify({ msg: `Not found: GET ${request.url ?? ''}` }));
    });
    await using api = await startApi(way);
    await api.post('/workers', { id: 'w1', url: worker.url });
    await api.post('/workers', { id: 'w2', url: 'http://127.0.0.1:1/' });
    for (const [path, status, error] of [
      ['w1/a/plan', 501, 'worker w1 does not offer its plan: it is of an older version'],
      ['w1/a/config', 501, 'worker w1 does not offer its config: it is of an older version'],
      ['w2/a/plan', 502, expect.stringMatching(/^worker w2 cannot be reached: /)],
      ['w3/a/plan', 400, 'invalid workerID w3'],
    ] as const) {
      expect([path, await api.get(`/api/jobs/${path}`)]).toMatchObject([path, { status, json: { error } }]);
    }
  });

  test('a mirror that the worker does not have is not found', async () => {
    await using worker = await fakeWorker((_, response) => {
      response.statusCode = 404;
      response.end(JSON.stringify({ msg: "Mirror ``a'' not found" }));
    });
    await using api = await startApi(way);
    await api.post('/workers', { id: 'w1', url: worker.url });
    expect(await api.get('/api/jobs/w1/a/plan')).toMatchObject({
      status: 404,
      json: { error: "Mirror ``a'' not found" },
    });
  });
});
