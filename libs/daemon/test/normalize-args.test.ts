import { describe, expect, test } from '@jest/globals';
import { Command } from 'commander';
import { normalizeArgs } from '../src/index.js';

const program = new Command('program')
  .option('-c, --config <file>')
  .option('--with-systemd')
  .addCommand(new Command('list').option('-a, --addr <address>'));

describe('normalizeArgs', () => {
  test.each([
    [
      ['-config', 'x'],
      ['--config', 'x'],
    ],
    [['-config=x'], ['--config=x']],
    [['--config=x'], ['--config=x']],
    [['-with-systemd'], ['--with-systemd']],
    [
      ['-c', 'x'],
      ['-c', 'x'],
    ],
    [['-c=x'], ['-c', 'x']],
    [
      ['--c', 'x'],
      ['-c', 'x'],
    ],
    [['-c=a=b'], ['-c', 'a=b']],
    [['-addr='], ['--addr=']],
    [['-'], ['-']],
    [['-5'], ['-5']],
    [
      ['file', '--', '-config'],
      ['file', '--', '-config'],
    ],
  ])('%j becomes %j', (given, expected) => {
    expect(normalizeArgs(given, program)).toEqual(expected);
  });

  test('clusters, attached values and flags that the program does not have are left alone', () => {
    expect(normalizeArgs(['-av', '-p8080', '-other', '-config', 'x'], program)).toEqual([
      '-av',
      '-p8080',
      '-other',
      '--config',
      'x',
    ]);
  });
});
