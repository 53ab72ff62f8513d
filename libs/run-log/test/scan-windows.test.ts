import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RE2JS } from 're2js';
import { WindowScan } from '../src/search/scan-windows.js';

/** Feeds a text in windows of `size`. */
function scan(pattern: string, text: string, size: number, overlap: number) {
  const windows = new WindowScan(RE2JS.compile(pattern), overlap);
  for (let i = 0; i < text.length; i += size) windows.feed(text.slice(i, i + size), false);
  windows.feed('', true);
  return { matches: windows.matches, lastGroup: windows.lastGroup };
}

// counts as Go's regexp.FindAllStringSubmatch(text, -1) gives them
test.each([
  ['a*', 'baaac', 3, undefined],
  ['a*', '', 1, undefined],
  ['(a|b*)', 'baaac', 5, ''],
  ['x', 'baaac', 0, undefined],
  ['', '镜😀', 3, undefined],
  ['(?m)^', 'a\nb\n', 3, undefined],
  ['(?m)$', 'a\nb\n', 3, undefined],
  ['^a', 'aaa', 1, undefined],
  ['\\ba', 'aa a', 2, undefined],
  ['(x)?a', 'xaa', 2, undefined],
])('%j in %j', (pattern, text, matches, lastGroup) => {
  const windows = new WindowScan(RE2JS.compile(pattern));
  windows.feed(text, true);
  expect([windows.matches, windows.lastGroup]).toEqual([matches, lastGroup]);
});

test('windows change nothing, wherever their borders fall', () => {
  const patterns = [
    '(?m)^a(b*)$',
    '(?m)^$',
    '^a',
    'c$',
    '\\bb+\\b',
    'a(\\n|b)a?',
    'b*',
    '(?m)(c)?$',
    '\\Aa|b\\z',
    '(ab|a)(b?)c?',
    '[^a]{1,5}',
    '\\Bb',
    '😀(.)',
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...patterns),
      fc.array(fc.constantFrom('a', 'b', 'c', '\n', ' ', '😀'), { maxLength: 80 }),
      fc.integer({ min: 1, max: 12 }),
      (pattern, letters, size) => {
        // runs of more than 15 equal units would be longer than the overlap allows
        const text = letters.join('').replace(/(.)\1{6,}/gsu, '$1$1');
        expect(scan(pattern, text, size, 16)).toEqual(scan(pattern, text, 1_000, 1_000));
      },
    ),
    { numRuns: 2_000 },
  );
});

test.each([
  // the character in front of a window decides about its first one
  ['\\bb', 'abaaaa', 1, 0],
  ['\\Bb', 'abaaaa', 1, 1],
  ['(?m)^b', 'abaaaa', 1, 0],
  ['(?m)^', 'aaaaaa', 1, 1],
  // a match that ends where a window begins is not counted again
  ['a*', 'abaaaa', 3, 2],
  ['b*', 'aaaaaa', 1, 7],
])('%j in %j, in windows of %i: %i matches', (pattern, text, size, matches) => {
  expect(scan(pattern, text, size, 2).matches).toBe(matches);
});

test('the text that is kept between windows is bounded', () => {
  const windows = new WindowScan(RE2JS.compile('(?m)^Total: (\\d+)$'), 64);
  for (let i = 0; i < 2_000; i++) windows.feed('x'.repeat(1_000), false);
  windows.feed('\nTotal: 12\n', true);
  expect([windows.matches, windows.lastGroup]).toEqual([1, '12']);
});
