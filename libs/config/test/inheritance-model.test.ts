import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseWorkerConfig, type MirrorConfig } from '../src/index.js';
import { lines, valueOf } from './support.js';

/** What one table of a file says, `[global]` or a mirror. */
type Keys = Record<string, unknown>;
interface Node {
  keys: Keys;
  children: Node[];
}

const optional = <Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(arbitrary, { nil: undefined });
/** Values of a key with the zero among them. */
const of = <Value>(zero: Value, ...values: Value[]): fc.Arbitrary<Value | undefined> =>
  optional(fc.constantFrom(zero, ...values));
const textList = (...words: string[]) => optional(fc.subarray(words));

/** Keys of `[global]` and of mirrors alike. */
const shared = {
  interval: of(0, 60, 90, 720),
  retry: of(0, 1, 5),
  timeout: of(0, 7, 3600),
  timezone: of('', 'UTC', 'Asia/Tokyo'),
  cron: of('', '0 3 * * *', '*/5 * * * *'),
  interval_mode: of('', 'fixed-delay'),
  blackout: textList('01:00-02:00', '03:00-04:00'),
  jitter: of(0, 5),
  priority: of(0, 10, 100),
  disk_quota: of<string | number>(0, '1k', '2M', 7),
  retry_delay: of(0, 1, 2),
  retry_delay_max: of(0, 100, 200),
  failure_interval: of(0, 15),
  stale_after: of(0, 45),
  log_max_size: of<string | number>('0', 5, '1g'),
  log_keep: of(0, 3),
  exec_on_success: textList('true 1', 'true 2'),
  exec_on_failure: textList('false 1', 'false 2'),
};
const ofGlobal = fc.record({
  ...shared,
  rsync_options: textList('--g1', '--g2'),
  dangerous_global_success_exit_codes: optional(fc.subarray([1, 2])),
  dangerous_global_rsync_success_exit_codes: optional(fc.subarray([2, 23])),
});
const ofMirror = fc.record({
  ...shared,
  provider: of('rsync', 'command', 'two-stage-rsync'),
  upstream: of('', 'rsync://a/', 'rsync://b/'),
  mirror_dir: of('', '/own'),
  mirror_subdir: of('', 'sub'),
  role: of('', 'master', 'slave'),
  env: optional(
    fc.dictionary(fc.constantFrom('A', 'B', 'C'), fc.constantFrom('', '1', '2'), { noNullPrototype: true }),
  ),
  exec_on_success_extra: textList('true 3'),
  success_exit_codes: optional(fc.subarray([1, 3])),
  rsync_success_exit_codes: optional(fc.subarray([23, 24])),
  use_ipv4: of(false, true),
  username: of('', 'u'),
  rsync_timeout: of(0, 9),
  rsync_options: textList('-a', '-b'),
  memory_limit: of<string | number>('0k', 8, '256M'),
  docker_volumes: textList('/v:/v'),
});
const tree = fc.letrec<{ node: Node }>((tie) => ({
  node: fc.record({
    keys: ofMirror,
    children: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'mirrors' },
      fc.constant<Node[]>([]),
      fc.array(tie('node'), { minLength: 1, maxLength: 3, depthIdentifier: 'mirrors' }),
    ),
  }),
})).node;

/** The tables from the outermost mirror to each that has no nested ones. */
function pathsOf({ keys, children }: Node): Keys[][] {
  return children.length === 0
    ? [[keys]]
    : children.flatMap((child) => pathsOf(child).map((path) => [keys, ...path]));
}

/** Gives every mirror a name; the innermost ones have what a mirror must have. */
function named(node: Node, next: { number: number }): Node {
  const keys: Keys = { ...node.keys, name: `m${next.number++}` };
  if (node.children.length === 0)
    Object.assign(keys, { upstream: 'rsync://u/', command: 'true', stage1_profile: 'debian' });
  return { keys, children: node.children.map((child) => named(child, next)) };
}

function tomlOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(tomlOf).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{ ${Object.entries(value)
      .map(([key, part]) => `${key} = ${tomlOf(part)}`)
      .join(', ')} }`;
  }
  return JSON.stringify(value);
}

/** A file as a person writes it; every second key in capitals. */
function fileOf(global: Keys, mirrors: readonly Node[]): string {
  const assignments = (keys: Keys): string[] =>
    Object.entries(keys)
      .filter(([, value]) => value !== undefined)
      .map(([key, value], index) => `${index % 2 === 0 ? key : key.toUpperCase()} = ${tomlOf(value)}`);
  const tables = (node: Node, depth: number): string[] => [
    `[[${Array(depth).fill('mirrors').join('.')}]]`,
    ...assignments(node.keys),
    ...node.children.flatMap((child) => tables(child, depth + 1)),
  ];
  return [
    '[global]',
    ...assignments({ ...global, name: 'w', log_dir: '/log', mirror_dir: '/data', concurrent: 1 }),
    ...mirrors.flatMap((node) => tables(node, 1)),
  ].join('\n');
}

const sizes: Record<string, number> = {
  '1k': 1024,
  '2M': 2 * 1024 ** 2,
  '1g': 1024 ** 3,
  '256M': 256 * 1024 ** 2,
  '0k': 0,
  '0': 0,
};
const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === '' ||
  value === 0 ||
  value === false ||
  (Array.isArray(value) && value.length === 0);

/** What a mirror is by the rules of the documentation, worked out key by key from the tables around it. */
function modelOf(global: Keys, path: readonly Keys[]): Partial<Record<keyof MirrorConfig, unknown>> {
  const last = (tables: readonly Keys[], key: string, zero = isEmpty): unknown =>
    tables
      .map((table) => table[key])
      .filter((value) => !zero(value))
      .at(-1);
  const own = (key: string): unknown => last(path, key);
  const either = (key: string): unknown => last([global, ...path], key);
  const bytes = (value: unknown): number =>
    value === undefined ? 0 : typeof value === 'string' ? (sizes[value] ?? Number.NaN) : (value as number);
  const isZeroSize = (value: unknown): boolean => isEmpty(value) || bytes(value) === 0;
  const list = (value: unknown): unknown[] => (value ?? []) as unknown[];

  const provider = last(path, 'provider', (value) => isEmpty(value) || value === 'rsync') ?? 'rsync';
  const usesRsync = provider !== 'command';
  // the innermost table that says anything of intervals or cron decides; within one table cron does
  const deciding = [global, ...path].findLast(
    (table) =>
      !isEmpty(table['cron']) ||
      (table !== global && (!isEmpty(table['interval']) || !isEmpty(table['interval_mode']))),
  );
  const minutes = either('interval') ?? 1440;
  const timezone = either('timezone') ?? 'UTC';
  const codes = [
    ...list(global['dangerous_global_success_exit_codes']),
    ...list(own('success_exit_codes')),
    ...(usesRsync
      ? [
          ...list(global['dangerous_global_rsync_success_exit_codes']),
          ...list(own('rsync_success_exit_codes')),
        ]
      : []),
  ];
  const name = own('name') as string;
  const subdir = own('mirror_subdir');
  return {
    name,
    provider,
    upstream: 'rsync://u/',
    intervalMinutes: minutes,
    retry: either('retry') ?? 2,
    timeoutSeconds: either('timeout') ?? 0,
    workingDir: own('mirror_dir') ?? (subdir === undefined ? `/data/${name}` : `/data/sub/${name}`),
    isMaster: own('role') !== 'slave',
    env: Object.assign({}, ...path.map((table) => table['env'] ?? {})) as unknown,
    execOnSuccess: [...list(either('exec_on_success')), ...list(own('exec_on_success_extra'))],
    execOnFailure: list(either('exec_on_failure')),
    successExitCodes: codes.filter((code, index) => codes.indexOf(code) === index),
    useIpv4: own('use_ipv4') ?? false,
    username: own('username') ?? '',
    rsyncTimeout: own('rsync_timeout') ?? 0,
    globalRsyncOptions: provider === 'rsync' ? list(global['rsync_options']) : [],
    rsyncOptions: list(own('rsync_options')),
    memoryLimit: bytes(last(path, 'memory_limit', isZeroSize)),
    dockerVolumes: list(own('docker_volumes')),
    logKeep: either('log_keep') ?? 10,
    schedule: isEmpty(deciding?.['cron'])
      ? { kind: 'interval', minutes }
      : { kind: 'cron', expression: deciding?.['cron'], timezone },
    timezone,
    blackout: list(either('blackout')).map((text) => ({
      from: text === '01:00-02:00' ? 60 : 180,
      to: text === '01:00-02:00' ? 120 : 240,
      days: [0, 1, 2, 3, 4, 5, 6],
    })),
    jitterMinutes: either('jitter') ?? 0,
    priority: last([global, ...path], 'priority', (value) => value === undefined) ?? 50,
    diskQuota: bytes(last([global, ...path], 'disk_quota', isZeroSize)),
    retryDelaySeconds: either('retry_delay') ?? 30,
    retryDelayMaxSeconds: either('retry_delay_max') ?? 900,
    failureIntervalMinutes: either('failure_interval') ?? 0,
    staleAfterMinutes:
      either('stale_after') ??
      3 *
        (isEmpty(deciding?.['cron']) ? (minutes as number) : deciding?.['cron'] === '*/5 * * * *' ? 5 : 1440),
    logMaxSize: bytes(last([global, ...path], 'log_max_size', isZeroSize)),
  };
}

describe('nested mirrors of any shape', () => {
  test('have the values that a simple reading of the rules gives them', async () => {
    let deepest = 0;
    let cases = 0;
    await fc.assert(
      fc.asyncProperty(ofGlobal, fc.array(tree, { minLength: 1, maxLength: 3 }), async (global, trees) => {
        const counter = { number: 0 };
        const mirrors = trees.map((node) => named(node, counter));
        const paths = mirrors.flatMap(pathsOf);
        const text = fileOf(global, mirrors);
        const result = await parseWorkerConfig(text, { file: 'w.conf' });
        const config = valueOf(result);
        expect(config.mirrors).toHaveLength(paths.length);
        for (const [index, path] of paths.entries()) {
          expect(config.mirrors[index]).toMatchObject(modelOf(global, path));
          deepest = Math.max(deepest, path.length);
          cases++;
        }
        // only what the generator cannot avoid is to be warned of
        for (const problem of lines(result.diagnostics)) {
          expect(problem).toMatch(
            /^warning: w\.conf:\d+: (global\.interval: not set|.*rsync_success_exit_codes: has no effect)/,
          );
        }
      }),
      { seed: 20_240_229, numRuns: 100 },
    );
    expect(deepest).toBeGreaterThan(2);
    expect(cases).toBeGreaterThan(200);
  }, 60_000);
});
