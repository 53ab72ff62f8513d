import assert from 'node:assert/strict';
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Test } from './bench.js';

const odd = [
  '',
  ' a  b ',
  "it's",
  '"quoted"',
  '$(id)',
  '`id`',
  '*',
  'a\nb\n',
  '\\n',
  '-n',
  'Spiegel-Größe 镜像',
  '; exit 3',
];

/** Output, input, working folder, arguments and environment of a command. */
export function outputTests(test: Test): void {
  test('puts both outputs into the log, in order', async (bench) => {
    const exit = await bench.run('echo one; echo two >&2; echo three; echo four >&2');
    assert.deepEqual(exit, { code: 0, signal: null });
    const text = await bench.logText();
    if (bench.separateOutputs) {
      assert.deepEqual(text.match(/one|three/g), ['one', 'three']);
      assert.deepEqual(text.match(/two|four/g), ['two', 'four']);
      assert.equal(text.length, 'one\ntwo\nthree\nfour\n'.length);
    } else {
      assert.equal(text, 'one\ntwo\nthree\nfour\n');
    }
  });

  test('appends to a log that has something in it', async (bench) => {
    await bench.run('echo first');
    await bench.run('echo second');
    assert.equal(await bench.logText(), 'first\nsecond\n');
  });

  test('gives an empty standard input', async (bench) => {
    assert.deepEqual(await bench.run('cat; echo end'), { code: 0, signal: null });
    assert.equal(await bench.logText(), 'end\n');
  });

  test('makes the working folder and runs the command in it', async (bench) => {
    const cwd = bench.path('deep', 'er');
    await bench.run('pwd -P; : > made-here', { cwd });
    assert.equal(await bench.logText(), `${cwd}\n`);
    await access(join(cwd, 'made-here'));
  });

  test('hands arguments over as they are', async (bench) => {
    const execution = await bench.start(['sh', '-c', 'for a; do printf "<%s>" "$a"; done', 'sh', ...odd]);
    assert.deepEqual(await execution.exit, { code: 0, signal: null });
    assert.equal(await bench.logText(), odd.map((argument) => `<${argument}>`).join(''));
  });

  test('the environment reaches the command unchanged', async (bench) => {
    const env = Object.fromEntries(odd.map((value, i) => [`ODD_${i}`, value]));
    await bench.run(odd.map((_, i) => `printf '<%s>' "$ODD_${i}"`).join(';'), { env });
    assert.equal(await bench.logText(), odd.map((value) => `<${value}>`).join(''));
  });

  test('runs a program by its name, not a builtin of some shell', async (bench) => {
    await mkdir(bench.path('work'), { recursive: true });
    await (
      await bench.start(['printf', '%s|', 'a', 'b'])
    ).exit;
    assert.equal(await bench.logText(), 'a|b|');
    assert.notEqual((await (await bench.start(['exit', '0'])).exit).code, 0);
  });
}
