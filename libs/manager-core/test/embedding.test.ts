import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import express from 'express';
import { register, reportOf, startApi } from './api.js';
import { call } from './http-call.js';

describe('the manager in another Express app', () => {
  test.each([
    ['as it is', false],
    ['behind a parser of bodies', true],
  ])('the API works below a path, %s', async (_, parsed) => {
    await using api = await startApi();
    await register(api, 'w1');
    const outer = express();
    if (parsed) outer.use(express.json());
    outer.use('/mirrors/', api.app.express);
    outer.get('/own', (_request, response) => void response.json({ own: true }));
    const server = createServer(outer);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const json = { 'content-type': 'application/json' };
    try {
      const path = '/mirrors/workers/w1/jobs/a';
      const posted = await call(url, 'POST', path, JSON.stringify(reportOf('a')), json);
      expect(posted).toMatchObject({ status: 200, json: { name: 'a', worker: 'w1' } });
      expect((await call(url, 'GET', '/mirrors/jobs')).json).toEqual((await api.get('/jobs')).json);
      expect(await call(url, 'POST', path, '{"name":7}', json)).toMatchObject({
        status: 400,
        json: { error: 'name: expected string, received number' },
      });
      expect(await call(url, 'GET', '/mirrors/nope')).toMatchObject({
        status: 404,
        json: { error: 'no such route: GET /nope' },
      });
      expect((await call(url, 'GET', '/own')).json).toEqual({ own: true });
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });
});
