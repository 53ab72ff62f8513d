import { describe, expect, test } from '@jest/globals';
import { globalTable, mirror, mirrorTable, workerProblems } from './support.js';

describe('TOML syntax', () => {
  test.each([
    ['a\nb = 1', 1, 'Invalid character, expected "="'],
    ['\n\n[[mirrors]\nname = 1', 3, 'Unexpected character, expected whitespace, . or ]'],
    ['x = 1\nx = 2', 2, "Can't redefine existing key"],
    ['# a\r\n\r\n? = 1', 3, 'unexpected character "?"'],
    ['x = [1,\n2\ny = 3', 3, 'Invalid character, expected whitespace, comma (,) or close bracket (])'],
    ['x = """\n\n\n', 4, 'Unterminated multi-line string'],
  ])('%j is an error with its exact line', async (text, line, why) => {
    expect(await workerProblems(text)).toEqual([`error: w.conf:${line}: not valid TOML: ${why}`]);
  });

  test('a password beside a syntax error is not shown', async () => {
    const [problem] = await workerProblems('[[mirrors]]\npassword = "hunter2\n');
    expect(problem).toBe('error: w.conf:2: not valid TOML: Unterminated string');
  });

  test('files of Windows editors load', async () => {
    const text = `\uFEFF# worker\n${globalTable}${mirrorTable}retry = 4 # times\n`.replaceAll('\n', '\r\n');
    expect(await mirror(text)).toMatchObject({ name: 'm', retry: 4 });
  });

  test('keys match in any letter case, those of env stay as written', async () => {
    const text = `${globalTable}[[Mirrors]]\nNAME = "m"\nUpStream = "/u/"\n[Mirrors.Env]\nLower = "a"\nlower = "b"\n`;
    expect(await mirror(text.replace('[global]', '[Global]'))).toMatchObject({
      name: 'm',
      upstream: '/u/',
      env: { Lower: 'a', lower: 'b' },
    });
  });

  test.each([
    '[constructor]\npolluted = 1',
    '[mirrors.constructor.prototype]\npolluted = 1',
    '__proto__.polluted = 1',
    'x = { constructor.prototype.polluted = 1 }',
    '[mirrors."__proto__"]\npolluted = 1',
    '["\\u005f_proto__"]\npolluted = 1',
  ])('no table gets at what all objects share: %j', async (text) => {
    const [problem] = await workerProblems(`\n${text}`);
    expect(problem).toMatch(/^error: w\.conf:2: '(constructor|__proto__)' cannot be the name of a table$/);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('nesting without end is refused', async () => {
    expect(await workerProblems(`\nx = ${'['.repeat(200_000)}`)).toEqual([
      'error: w.conf:2: expected at most 100 levels of lists and tables',
    ]);
    expect(await workerProblems(`[${'a.'.repeat(200_000)}b]`)).toEqual([
      'error: w.conf:1: expected at most 100 levels of lists and tables',
    ]);
    expect(await workerProblems(`x = ${'{a='.repeat(200_000)}`)).toEqual([
      'error: w.conf:1: expected at most 100 levels of lists and tables',
    ]);
  });
});
