import { expect, test } from '@jest/globals';
import { clientCmdSchema, describeIssue, mirrorSchedulesSchema } from '../src/index.js';

const problemsOf = (schema: typeof clientCmdSchema | typeof mirrorSchedulesSchema, value: unknown) =>
  schema.safeParse(value).error?.issues.map((issue) => describeIssue(issue));

test('a problem names the field, what was expected and what was found', () => {
  expect(problemsOf(mirrorSchedulesSchema, { schedules: [{ name: 1, next_schedule: 'soon' }] })).toEqual([
    'schedules.0.name: expected string, received number',
    'schedules.0.next_schedule: expected a time such as 2026-11-23T17:21:52Z',
  ]);
  expect(problemsOf(clientCmdSchema, { cmd: 'jump' })).toEqual([
    'cmd: expected one of "start", "stop", "disable", "restart", "ping", "reload"',
  ]);
});

test('a problem with a value as a whole names the value', () => {
  expect(problemsOf(clientCmdSchema, null)).toEqual(['body: expected object, received null']);
  expect(describeIssue({ path: [], message: 'Invalid input: expected object' }, 'value')).toBe(
    'value: expected object',
  );
});

test('the name of a field in a problem fits on one line', () => {
  const [problem] = problemsOf(clientCmdSchema, { cmd: 'start', options: { ['x'.repeat(10_000)]: 1 } }) ?? [];
  expect(problem).toBe(`options.${'x'.repeat(192)}…: expected boolean, received number`);
});
