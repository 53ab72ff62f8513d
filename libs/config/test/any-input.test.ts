import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  configKeys,
  formatDiagnostic,
  loadCtlConfig,
  loadManagerConfig,
  maskSecrets,
  parseWorkerConfig,
  type Diagnostic,
  type LoadResult,
} from '../src/index.js';
import { inMemory } from './support.js';

/** Loads a text as all three files; any rejection fails the test. Gives what is wrong with it as a worker's. */
async function loadAll(text: string): Promise<Diagnostic[]> {
  const files = inMemory({ f: text });
  const lines = text.split('\n').length;
  const worker = await parseWorkerConfig(text, { ...files, cwd: '/' });
  const results: LoadResult<unknown>[] = [
    worker,
    await loadManagerConfig({ file: 'f', ...files }),
    await loadCtlConfig({ files: ['f'], ...files }),
  ];
  for (const result of results) {
    expect(result.ok).toBe(!result.diagnostics.some(({ severity }) => severity === 'error'));
    const unreadable = result.diagnostics.filter(
      (diagnostic) =>
        !/^\P{Cc}+$/u.test(formatDiagnostic(diagnostic)) ||
        (diagnostic.line !== undefined && (diagnostic.line < 1 || diagnostic.line > lines)),
    );
    expect(unreadable).toEqual([]);
    if (result.ok) expect(() => JSON.stringify(maskSecrets(result.value))).not.toThrow();
  }
  return worker.diagnostics;
}

const noRejection = async (text: string): Promise<void> => {
  await loadAll(text);
};

const scalar = fc.oneof(
  fc.boolean(),
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.string(),
  fc.constantFrom('rsync', 'command', 'two-stage-rsync', '256M', '/', '{{.Name}}', '', '*.conf'),
  fc.date({ noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('9999-01-01') }),
);
const value = fc.oneof(
  { weight: 3, arbitrary: scalar },
  fc.array(fc.string(), { maxLength: 3 }),
  fc.array(fc.integer(), { maxLength: 3 }),
  fc.dictionary(fc.string(), fc.string(), { maxKeys: 3, noNullPrototype: true }),
);
const names = [...new Set(configKeys().map(({ key }) => key.split('.').at(-1) ?? ''))].filter(
  (name) => name !== 'mirrors',
);
const table = fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), value, {
  maxKeys: 8,
  noNullPrototype: true,
});
const nest = (inner: fc.Arbitrary<Record<string, unknown>>): fc.Arbitrary<Record<string, unknown>> =>
  fc.tuple(table, fc.array(inner, { maxLength: 2 })).map(([keys, mirrors]) => ({ ...keys, mirrors }));
const mirror = fc.oneof(table, nest(table), nest(nest(table)));
const document = fc.record(
  {
    global: fc.oneof(table, value),
    manager: table,
    server: table,
    docker: table,
    files: fc.oneof(table, value),
    include: table,
    manager_port: value,
    mirrors: fc.oneof({ weight: 4, arbitrary: fc.array(mirror, { maxLength: 3 }) }, value),
  },
  { requiredKeys: [], noNullPrototype: true },
);

/** A value as TOML, tables inline. */
function tomlOf(part: unknown): string {
  if (Array.isArray(part)) return `[${part.map(tomlOf).join(', ')}]`;
  if (part instanceof Date) return part.toISOString();
  if (typeof part === 'string') return JSON.stringify(part).replaceAll('\u007f', '\\u007f');
  if (typeof part === 'object' && part !== null) return `{ ${assignments(part).join(', ')} }`;
  return String(part).replace('Infinity', 'inf');
}

function assignments(table: object): string[] {
  return Object.entries(table).map(([key, part]: [string, unknown]) => `${tomlOf(key)} = ${tomlOf(part)}`);
}

describe('whatever the file says, there is a result', () => {
  test('any text', async () => {
    await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), noRejection));
  });

  test('text made of the pieces of TOML', async () => {
    const piece = fc.constantFrom(
      ...[
        '[',
        ']',
        '[[',
        ']]',
        '{',
        '}',
        '=',
        '.',
        ',',
        '"',
        "'",
        '"""',
        "'''",
        '\\',
        '#',
        '\n',
        '\r\n',
        ' ',
        '-',
      ],
      ...[
        'mirrors',
        'global',
        'name',
        'env',
        '1',
        'true',
        'inf',
        '1979-05-27',
        'constructor',
        '__proto__',
        '\\u0041',
      ],
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
        noRejection,
      ),
      { numRuns: 1000 },
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  }, 60_000);

  test('any values at the known keys', async () => {
    let parsed = 0;
    await fc.assert(
      fc.asyncProperty(document, async (tables) => {
        const diagnostics = await loadAll(assignments(tables).join('\n'));
        if (diagnostics.every(({ message }) => !message.startsWith('not valid TOML'))) parsed++;
      }),
      { numRuns: 300 },
    );
    // it is values that are to be tested here, not syntax
    expect(parsed).toBeGreaterThan(200);
  }, 60_000);
});
