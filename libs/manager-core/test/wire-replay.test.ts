import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { toUnixMillis, tryParseTime, zeroTime, type WorkerCmd } from '@tunasync/protocol';
import { fixturePath } from '@tunasync/test-utils';
import { startApi, ways, type Api } from './api.js';
import type { Answer } from './http-call.js';

interface Exchange {
  seq: number;
  to: 'manager' | 'worker';
  request: { method: string; path: string; headers: Record<string, string>; body: string };
  response: { status: number; headers: Record<string, string>; body: string };
}
type Json = Record<string, unknown>;
/** The parts of an answer that are compared. */
interface Shown {
  status: number;
  type: string | undefined;
  body: unknown;
}

const load = (name: string): unknown => JSON.parse(readFileSync(fixturePath(`wire/${name}`), 'utf8'));
const exchanges = load('exchanges.json') as Exchange[];
const deviations = new Set((load('deviations.json') as { seq: number }[]).map(({ seq }) => seq));
const jsonType = 'application/json; charset=utf-8';

/** Consequences of an unknown verb that the original treated as `start`: here they do not occur. */
const consequencesOfBogusVerb = new Set([74, 75, 76, 77, 78, 83, 84]);
/** Deviations in the answers of a worker; this suite looks at the manager. */
const workersOwn = new Set([59, 82]);

/** Replaces times by instants in milliseconds, so that nanoseconds and offsets do not count, and sorts fields. */
function comparable(value: unknown): unknown {
  if (typeof value === 'string') {
    const web = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d)$/.exec(value);
    const time = web === null ? value : `${web[1]}T${web[2]}${web[3]}:${web[4]}`;
    return tryParseTime(time) === undefined ? value : `time ${toUnixMillis(time)}`;
  }
  if (Array.isArray(value)) return value.map(comparable).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).map(([key, field]) => [key, comparable(field)]);
  }
  return value;
}
const nameOf = (value: unknown): string => JSON.stringify(value);

function recorded({ response }: Exchange): Shown {
  let body: unknown = response.body;
  try {
    body = JSON.parse(response.body);
  } catch {
    // some answers of the original are not JSON
  }
  return { status: response.status, type: response.headers['content-type'], body: comparable(body) };
}

function shown({ status, headers, json }: Answer): Shown {
  return { status, type: headers['content-type'] as string, body: comparable(json) };
}

const ok = (body: unknown): Shown => ({ status: 200, type: jsonType, body: comparable(body) });
const error = (status: number, message: unknown): Shown => ({
  status,
  type: jsonType,
  body: [['error', message]],
});

/** The recorded body with the `next_schedule` that was last posted for the mirror (defect 6). */
function withSchedule(exchange: Exchange, time: string): Shown {
  return ok({ ...(JSON.parse(exchange.response.body) as Json), next_schedule: time });
}

/** The right answer where the original is wrong. */
const right: Record<number, (exchange: Exchange) => Shown> = {
  2: () => ok([]),
  38: (exchange) => withSchedule(exchange, '2026-11-23T19:21:52.436479815Z'),
  40: (exchange) => withSchedule(exchange, '2026-11-23T19:21:52.436479815Z'),
  44: (exchange) => withSchedule(exchange, '2026-11-23T19:21:52.436479815Z'),
  50: (exchange) => withSchedule(exchange, '2026-11-23T19:22:11.922747458Z'),
  52: (exchange) => withSchedule(exchange, '2026-11-23T19:22:11.922747458Z'),
  54: (exchange) => withSchedule(exchange, '2026-11-23T19:22:11.922747458Z'),
  62: () => error(502, "worker test_worker: Mirror ``nope'' not found"),
  64: () => ok({ message: 'successfully send command to worker test_worker' }),
  71: () => error(400, 'mirror Name should not be empty'),
  72: () => error(400, expect.stringMatching(/^the body is not valid JSON: /)),
  73: () => error(400, 'cmd: expected one of "start", "stop", "disable", "restart", "ping", "reload"'),
  81: () => error(404, 'no such route: GET /nope'),
  86: () => ok([]),
  88: () => ok([]),
};

/** The time at which the recorded manager answered, as far as its answers show; in milliseconds since the epoch. */
function timesOfAnswers(): Map<number, number> {
  const times = new Map<number, number>();
  let lastFromWorker = 0;
  for (const { seq, to, request, response } of exchanges) {
    if (to === 'worker' || response.status !== 200) continue;
    if (request.method === 'POST' && request.path.startsWith('/workers')) lastFromWorker = seq;
    if (!response.body.startsWith('{"') && request.path !== '/workers') continue;
    const bodies = [JSON.parse(response.body) as unknown].flat() as (Json | null)[];
    for (const body of bodies) {
      if (body === null) continue;
      const newest = ['last_online', 'last_update', 'last_started', 'last_ended']
        .map((key) => body[key])
        .filter((time): time is string => typeof time === 'string' && time !== zeroTime)
        .map(toUnixMillis);
      // a list of workers shows when the last report before it arrived
      const about = request.method === 'GET' ? lastFromWorker : seq;
      if (newest.length > 0 && about > 0) times.set(about, Math.max(...newest));
    }
  }
  return times;
}

describe.each(ways)('the recorded exchanges, %s', (way) => {
  let api: Api;
  const times = new Map<number, number>();
  /** Commands that the manager posted while it answered the current exchange. */
  let commands: WorkerCmd[] = [];

  beforeAll(async () => {
    api = await startApi(way);
    for (const [seq, time] of timesOfAnswers()) times.set(seq, time);
    api.clock.jumpTo(Date.parse('2026-11-23T17:21:41Z'));
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  test('every deviation is accounted for', () => {
    const accounted = [...Object.keys(right).map(Number), ...consequencesOfBogusVerb, ...workersOwn];
    expect(accounted.sort((a, b) => a - b)).toEqual([...deviations].sort((a, b) => a - b));
    expect(exchanges).toHaveLength(88);
  });

  for (const exchange of exchanges) {
    const { seq, to, request } = exchange;
    // the worker's side of a command is compared with the command; 82 came from outside
    if (to === 'worker' || consequencesOfBogusVerb.has(seq)) continue;

    test(`${seq}: ${request.method} ${request.path} ${request.body.trim().slice(0, 60)}`, async () => {
      const time = times.get(seq);
      if (time !== undefined) api.clock.jumpTo(time);
      commands = [];
      const next = exchanges.find(({ seq: other, to: side }) => side === 'worker' && other === seq + 1);
      api.answer = (_worker, command) => {
        commands.push(command);
        // 64 was never posted in the recording, and reload was answered wrongly: a worker accepts both
        if (next === undefined || deviations.has(next.seq))
          return Promise.resolve({ status: 200, message: 'OK' });
        const { msg } = JSON.parse(next.response.body) as { msg: string };
        return Promise.resolve({ status: next.response.status, message: msg });
      };

      const answer = await api.call(request.method, request.path, request.body, request.headers);

      const wanted = recorded(exchange);
      if (deviations.has(seq)) {
        expect(shown(answer)).not.toEqual(wanted);
        expect(shown(answer)).toEqual(right[seq]?.(exchange));
      } else {
        expect(shown(answer)).toEqual(wanted);
      }
      if (request.path !== '/cmd') {
        expect(commands).toEqual([]);
      } else if (seq === 64) {
        expect(commands).toEqual([{ cmd: 'start', mirror_id: 'ok', args: null, options: {} }]);
      } else if (next === undefined || consequencesOfBogusVerb.has(next.seq)) {
        expect(commands).toEqual([]);
      } else {
        // fields in the order of the original
        expect(commands.map((command) => JSON.stringify(command))).toEqual([next.request.body.trim()]);
      }
    });
  }
});

test('a reload that an old worker answers with 404 is a success for the client', async () => {
  await using api = await startApi();
  await api.post('/workers', { id: 'old', url: 'http://old.example/' });
  const reload = exchanges.find(({ seq }) => seq === 59);
  const { msg } = JSON.parse(reload?.response.body ?? '') as { msg: string };
  api.answer = () => Promise.resolve({ status: reload?.response.status ?? 0, message: msg });
  const answer = await api.post('/cmd', { cmd: 'reload', worker_id: 'old' });
  expect([answer.status, answer.json]).toEqual([200, { message: 'successfully send command to worker old' }]);
});
