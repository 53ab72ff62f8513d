import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { fixturePath, tempDir } from '@tunasync/test-utils';
import fc from 'fast-check';
import { formatDiagnostic, loadWorkerConfig, maskSecrets } from '../src/index.js';

/** A file with a bit of everything. */
const more = `
[global]
name = "w"
log_dir = "/log/{{.Name}}"
mirror_dir = "/data"
concurrent = 3
cron = "0 3 * * *"
timezone = "Asia/Tokyo"
blackout = ["01:00-02:00 Mon-Fri", '22:00-23:30'] # nights
retry_delay = 10
retry_delay_max = 20
per_upstream_concurrent = { "a.example.org" = 2, b.example.org = 3 }
[include]
include_mirrors = ["inc/*.conf"]
[docker]
volumes = [
  "/a:/a", # one
  """/b
:/b""",
]
[[mirrors]]
name = "a"
upstream = "rsync://u/a/"
password = "hunter2"
fail_on_match = '(?m)^E'
memory_limit = "256M"
  [mirrors.env]
  A = "hunter2"
  [[mirrors.mirrors]]
  name = "b"
  mirrors = [{ name = "c", interval_mode = "fixed-rate", interval = 90, fixed_rate_anchor = "04:30" }, { name = "d" }]
`;

type Mutation = (bytes: Buffer) => Buffer;

const splice =
  (at: number, remove: number, insert: Uint8Array): Mutation =>
  (bytes) => {
    const position = bytes.length === 0 ? 0 : at % (bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, position), insert, bytes.subarray(position + remove)]);
  };
const position = fc.nat(1_000_000);
/** What is likely to matter to a parser. */
const token = fc
  .constantFrom(
    ...[
      '[',
      ']',
      '[[',
      ']]',
      '{',
      '}',
      '=',
      ',',
      '.',
      '"',
      "'",
      '"""',
      "'''",
      '#',
      '\n',
      '\r\n',
      '\\',
      '-',
      '0',
      'e',
    ],
    ...[
      '[mirrors]\n',
      '[[mirrors]]\n',
      '[[mirrors.mirrors]]\n',
      'name = ',
      '\nname = "x"\n',
      'nan',
      '1979-05-27',
    ],
    ...[
      '__proto__',
      'constructor',
      '\u0000',
      '\uFEFF',
      '\u2028',
      '"" = 1\n',
      '99999999999999999999',
      '{{',
      '(?<=x)',
    ],
  )
  .map((text) => Buffer.from(text));
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(position, fc.nat(20)).map(([at, remove]) => splice(at, remove, Buffer.of())),
  fc.tuple(position, fc.nat(3), token).map(([at, remove, insert]) => splice(at, remove, insert)),
  fc
    .tuple(position, fc.uint8Array({ maxLength: 4 }))
    .map(([at, insert]) => splice(at, insert.length, insert)),
  // a line twice, or somewhere else
  fc.tuple(position, position).map(([from, to]): Mutation => (bytes) => {
    const lines = bytes.toString('latin1').split('\n');
    const line = lines[from % lines.length] ?? '';
    lines.splice(to % lines.length, 0, line);
    return Buffer.from(lines.join('\n'), 'latin1');
  }),
  position.map(
    (at): Mutation =>
      (bytes) =>
        bytes.subarray(0, at % (bytes.length + 1)),
  ),
);
const mutations = fc.array(mutation, { minLength: 1, maxLength: 2 });

describe('a good file that has been tampered with', () => {
  test('loads or is refused with file and line, and never shows a secret', async () => {
    await using dir = await tempDir();
    const main = join(dir.path, 'worker.conf');
    const included = join(dir.path, 'inc', 'a.conf');
    await mkdir(join(dir.path, 'inc'));
    const vectors = await readFile(fixturePath('config-vectors/worker.conf'));
    const a = await readFile(fixturePath('config-vectors/inc/a.conf'));
    const b = await readFile(fixturePath('config-vectors/inc/b.conf'));
    await writeFile(join(dir.path, 'inc', 'b.conf'), b);
    const counts = { loaded: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.boolean(), mutations, async (useVectors, inMain, changes) => {
        const apply = (bytes: Buffer): Buffer => changes.reduce((text, change) => change(text), bytes);
        const start = useVectors ? vectors : Buffer.from(more);
        const texts = { [main]: inMain ? apply(start) : start, [included]: inMain ? a : apply(a) };
        for (const [file, text] of Object.entries(texts)) await writeFile(file, text);
        const result = await loadWorkerConfig({ file: main, cwd: '/nonexistent' });
        counts[result.ok ? 'loaded' : 'refused']++;
        expect(result.ok).toBe(!result.diagnostics.some(({ severity }) => severity === 'error'));
        for (const diagnostic of result.diagnostics) {
          const { file, line, key, message } = diagnostic;
          expect([main, included, join(dir.path, 'inc', 'b.conf')]).toContain(file);
          expect(message).not.toBe('');
          expect(formatDiagnostic(diagnostic)).toMatch(/^\P{Cc}+$/u);
          expect(formatDiagnostic(diagnostic)).not.toContain('hunter2');
          const text = texts[file];
          if (text === undefined) continue;
          if (line !== undefined) {
            expect(line).toBeGreaterThanOrEqual(1);
            expect(line).toBeLessThanOrEqual(text.toString('latin1').split('\n').length);
          } else {
            // a table that is not there has no line; text that is none has no lines
            expect(`${key} ${message}`).toMatch(/^(global|manager|server)\.|not UTF-8/);
          }
        }
        if (result.ok) expect(JSON.stringify(maskSecrets(result.value))).not.toContain('hunter2');
      }),
      { seed: 7, numRuns: 300 },
    );
    // both happen often enough to tell something
    expect(counts.loaded).toBeGreaterThan(30);
    expect(counts.refused).toBeGreaterThan(60);
  }, 60_000);
});
