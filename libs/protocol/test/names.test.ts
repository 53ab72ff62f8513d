import { describe, expect, test } from '@jest/globals';
import { buildPath, managerRoutes, messageOf, nameProblem, TunasyncError } from '../src/index.js';

describe('names', () => {
  test.each(['debian', 'c++', 'x'.repeat(200), '镜像', '🐟', 'a b', '...'])('%s is fine', (name) => {
    expect(nameProblem(name)).toBeUndefined();
  });

  test.each([
    ['', 'should not be empty'],
    ['x'.repeat(201), 'should be at most 200 bytes long'],
    ['镜'.repeat(67), 'should be at most 200 bytes long'],
    ['a\u0000b', 'should not contain control characters'],
    ['a\nb', 'should not contain control characters'],
    ['a\ud800', 'should be Unicode text'],
    ['a/b', "should not contain '/' nor be '.' or '..'"],
    ['..', "should not contain '/' nor be '.' or '..'"],
  ])('%j %s', (name, problem) => {
    expect(nameProblem(name)).toBe(problem);
  });
});

test('buildPath percent-encodes parameters', () => {
  expect(buildPath(managerRoutes.reportSize, { id: 'w 1', job: 'c++/%' })).toBe(
    '/workers/w%201/jobs/c%2B%2B%2F%25/size',
  );
});

test('an error has a code, a cause and an HTTP status, and its text is one line', () => {
  const cause = new TypeError('inner');
  const error = new TunasyncError('SOME_CODE', 'outer\n  text', { cause, status: 404 });
  expect([error.code, error.status, error.cause, error.name]).toEqual([
    'SOME_CODE',
    404,
    cause,
    'TunasyncError',
  ]);
  expect(messageOf(error)).toBe('outer text');
  expect(messageOf('thrown text')).toBe('thrown text');
  expect(new TunasyncError('X', 'y').status).toBe(500);
});
