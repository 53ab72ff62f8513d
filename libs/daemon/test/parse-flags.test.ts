import { describe, expect, test } from '@jest/globals';
import { daemonCommand, parseFlags, type DaemonFlags, type ParsedFlags } from '../src/index.js';

function parse(argv: readonly string[]): { parsed: ParsedFlags<DaemonFlags>; out: string; error: string } {
  let out = '';
  let error = '';
  const parsed = parseFlags<DaemonFlags>(daemonCommand('thing', 'Does things', '1.2.3'), argv, {
    writeOut: (text) => (out += text),
    writeError: (text) => (error += text),
  });
  return { parsed, out, error };
}

describe('parseFlags', () => {
  test('takes every flag in both spellings', () => {
    const flags = {
      config: 'a.conf',
      verbose: true,
      debug: true,
      withSystemd: true,
      pidfile: 'p',
      logFormat: 'json',
      check: true,
    };
    const names = [
      'config=a.conf',
      'verbose',
      'debug',
      'with-systemd',
      'pidfile=p',
      'log-format=json',
      'check',
    ];
    expect(parse(names.map((name) => `--${name}`)).parsed).toEqual({ flags });
    expect(parse(names.map((name) => `-${name}`)).parsed).toEqual({ flags });
    expect(parse(['-c', 'a.conf', '-v']).parsed).toEqual({ flags: { config: 'a.conf', verbose: true } });
  });

  test('--version and --help print to standard output and give 0', () => {
    expect(parse(['-version'])).toEqual({ parsed: { exitCode: 0 }, out: '1.2.3\n', error: '' });
    const help = parse(['-help']);
    expect(help.parsed).toEqual({ exitCode: 0 });
    expect(help.out).toMatch(/^Usage: thing \[options\]\n\nDoes things\n/);
    expect(help.error).toBe('');
  });

  test.each([
    [['--nope'], "thing: unknown option '--nope'"],
    [['--config'], "thing: option '-c, --config <file>' argument missing"],
    [
      ['--log-format', 'xml'],
      /^thing: option '--log-format <format>' argument 'xml' is invalid\. .*text, json/,
    ],
    [['extra'], /^thing: too many arguments/],
  ])('%j is one line on standard error and 1', (argv, line) => {
    const { parsed, out, error } = parse(argv);
    expect(parsed).toEqual({ exitCode: 1 });
    expect(out).toBe('');
    expect(error.split('\n')).toEqual([expect.stringMatching(line), '']);
  });
});
