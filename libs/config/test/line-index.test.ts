import { describe, expect, test } from '@jest/globals';
import { LineIndex, type Path } from '../src/document/line-index.js';

const document = `# comment with [table] and key = 1
top = 1
[a]
b.c = 1
"quoted key" = 2
'lit eral' = 3
"esc\\u0041ped" = 4

[[list]]
x = 1
[[list]]
x = """
[not.a.table]
y = 2 \\"""
""""
y = '''
x = 1
''' # comment
[list.env]
K = "#no comment"
[[list.list]]
z = [
  "one", # first
  ["two"],
  { p = 1, q = { r = 2 } },
]
[[list.list]]
z = 2
[[list]]
w = { s = 1, t.u = 2 }
[ a . "d e" ]
f = 1979-05-27T07:32:00Z
`;

describe('LineIndex', () => {
  const index = new LineIndex(document);

  test.each<[path: Path, line: number | undefined]>([
    [['top'], 2],
    [['a'], 3],
    [['a', 'b'], 4],
    [['a', 'b', 'c'], 4],
    [['a', 'quoted key'], 5],
    [['a', 'lit eral'], 6],
    [['a', 'escAped'], 7],
    [['list'], 9],
    [['list', 0], 9],
    [['list', 0, 'x'], 10],
    [['list', 1], 11],
    [['list', 1, 'x'], 12],
    [['list', 1, 'y'], 16],
    [['list', 1, 'env'], 19],
    [['list', 1, 'env', 'K'], 20],
    [['list', 1, 'list', 0], 21],
    [['list', 1, 'list', 0, 'z'], 22],
    [['list', 1, 'list', 0, 'z', 0], 23],
    [['list', 1, 'list', 0, 'z', 1], 24],
    [['list', 1, 'list', 0, 'z', 1, 0], 24],
    [['list', 1, 'list', 0, 'z', 2, 'q', 'r'], 25],
    [['list', 1, 'list', 1, 'z'], 28],
    [['list', 2], 29],
    [['list', 2, 'w', 's'], 30],
    [['list', 2, 'w', 't', 'u'], 30],
    [['a', 'd e', 'f'], 32],
    [['LIST', 1, 'ENV', 'k'], 20],
    [['list', 2, 'missing', 'deeper'], 29],
    [['nowhere'], undefined],
    [[], undefined],
  ])('%j stands in line %s', (path, line) => {
    expect(index.lineOf(path)).toBe(line);
  });

  test.each([
    '',
    '[',
    '[[',
    '[[a',
    'a.',
    'a = [',
    'a = {',
    '"',
    "'''",
    '= 1',
    'a = "\\',
    ']',
    'a = [}',
    'a = {]',
    'a = [1 2]\nb = 1',
  ])('broken text %j is passed over', (text) => {
    expect(new LineIndex(text).lineOf(['b'])).toBe(text.includes('b = 1') ? 2 : undefined);
  });
});
