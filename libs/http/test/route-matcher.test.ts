import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { routeMatcher } from '../src/routing/route-matcher.js';
import type { MountedRoute } from '../src/routing/route-table.js';

const mounted = (method: 'GET' | 'POST' | 'DELETE', path: string): MountedRoute => ({
  route: { method, path, reply: z.unknown(), summary: '' },
  handle: () => ({ value: undefined }),
});
const match = routeMatcher([
  mounted('GET', '/jobs'),
  mounted('DELETE', '/jobs/disabled'),
  mounted('GET', '/workers/:id/jobs'),
  mounted('POST', '/workers/:id/jobs/:job'),
  mounted('GET', '/jobs/:name/logs/:log'),
]);
const found = (method: string, url: string): [string, Record<string, string>] | undefined => {
  const result = match(method, url);
  return result && [result.mounted.route.path, { ...result.params }];
};

describe('a route matches', () => {
  test.each([
    ['a fixed path', 'GET', '/jobs', '/jobs', {}],
    ['a path with a query', 'GET', '/jobs?x=/a%zz', '/jobs', {}],
    ['HEAD, as GET', 'HEAD', '/jobs', '/jobs', {}],
    ['an absolute URL, as proxies send it', 'GET', 'http://m.example/jobs', '/jobs', {}],
    ['parameters, decoded', 'GET', '/workers/a%2Fb%20+c/jobs', '/workers/:id/jobs', { id: 'a/b +c' }],
    ['a parameter that is decoded once', 'GET', '/workers/%2541/jobs', '/workers/:id/jobs', { id: '%41' }],
    ['characters beyond ASCII', 'GET', '/workers/%E9%95%9C/jobs', '/workers/:id/jobs', { id: '镜' }],
    ['names that objects have', 'GET', '/workers/__proto__/jobs', '/workers/:id/jobs', { id: '__proto__' }],
    ['dots, which are not resolved', 'GET', '/workers/../jobs', '/workers/:id/jobs', { id: '..' }],
    ['several parameters', 'GET', '/jobs/a/logs/b', '/jobs/:name/logs/:log', { name: 'a', log: 'b' }],
    ['an escape in a fixed part', 'GET', '/%6aobs', '/jobs', {}],
  ])('%s', (_, method, url, path, params) => {
    expect(found(method, url)).toEqual([path, params]);
  });

  test('a parameter of ten thousand characters, which is for the handler to refuse', () => {
    const id = 'x'.repeat(10_000);
    expect(found('GET', `/workers/${id}/jobs`)).toEqual(['/workers/:id/jobs', { id }]);
  });
});

describe('no route matches', () => {
  test.each([
    ['another case', 'GET', '/JOBS'],
    ['another method on a known path', 'POST', '/jobs'],
    ['HEAD where there is no GET', 'HEAD', '/jobs/disabled'],
    ['an unknown method', 'BREW', '/jobs'],
    ['a slash at the end', 'GET', '/jobs/'],
    ['two slashes', 'GET', '//jobs'],
    ['an escaped slash in a fixed part', 'GET', '/workers%2fw1/jobs'],
    ['an empty parameter', 'GET', '/workers//jobs'],
    ['a longer path', 'GET', '/workers/w1/jobs/a/b'],
    ['the server itself', 'OPTIONS', '*'],
    ['nothing', 'GET', ''],
    ['broken encoding on an unknown path', 'GET', '/nothing/%zz'],
  ])('%s', (_, method, url) => {
    expect(found(method, url)).toBeUndefined();
  });
});

test.each(['%zz', '%ff', '%', 'a%2', '%c3%28'])('a parameter with broken encoding (%s) is refused', (id) => {
  expect(() => match('GET', `/workers/${id}/jobs?x=1`)).toThrow(
    expect.objectContaining({ code: 'PATH_INVALID', status: 400 }),
  );
});
