import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { splitCommandLine } from '../src/index.js';

describe('splitCommandLine', () => {
  test.each<[line: string, words: string[]]>([
    ["/usr/bin/script --flag 'a b'", ['/usr/bin/script', '--flag', 'a b']],
    ['  a\t b \n c ', ['a', 'b', 'c']],
    ['', []],
    [' \t\n ', []],
    ['a \'\' "" b', ['a', '', '', 'b']],
    ['echo #1 $HOME | ~ *', ['echo', '#1', '$HOME', '|', '~', '*']],
    ["'a\\'b", ['a\\b']],
    [String.raw`"a \" \\ \n \$ b"`, [String.raw`a " \ \n \$ b`]],
    [String.raw`a\ b \"c \\ \d`, ['a b', '"c', '\\', 'd']],
    [`a"b c"'d e'f`, ['ab cd ef']],
    ['a \\\n b', ['a', 'b']],
    [`bash -c 'echo "ok \${STATUS}"'`, ['bash', '-c', 'echo "ok ${STATUS}"']],
    ['größe 镜像', ['größe', '镜像']],
  ])('%j', (line, words) => {
    expect(splitCommandLine(line)).toEqual(words);
  });

  test.each([
    ["a 'b", "a ' is not closed"],
    ['a "b', 'a " is not closed'],
    ['a "b\\"', 'a " is not closed'],
    ['a \\', "nothing follows the last '\\'"],
  ])('%j is refused', (line, why) => {
    expect(() => splitCommandLine(line)).toThrow(
      expect.objectContaining({
        code: 'COMMAND_LINE_INVALID',
        message: `the command line cannot be split into words: ${why}`,
      }),
    );
  });

  test('words in single quotes come back as they are', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (words) => {
        const line = words.map((word) => `'${word.replaceAll("'", `'"'"'`)}'`).join(' ');
        expect(splitCommandLine(line)).toEqual(words);
      }),
    );
  });
});
