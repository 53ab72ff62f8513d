import { describe, expect, test } from '@jest/globals';
import { isGlob, matchGlob } from '../src/index.js';

describe('matchGlob', () => {
  test.each([
    ['debian', 'debian', true],
    ['debian', 'debian-security', false],
    ['deb*', 'debian', true],
    ['*bian', 'debian', true],
    ['*b*a*', 'debian', true],
    ['*', '', true],
    ['', '', true],
    ['', 'a', false],
    ['?', '', false],
    ['?', '源', true],
    ['?', '🐟', true],
    ['d?bian', 'debian', true],
    ['d?bian', 'dbian', false],
    ['[a-d]ebian', 'debian', true],
    ['[e-z]ebian', 'debian', false],
    ['[^a-c]ebian', 'debian', true],
    ['[!d]ebian', 'debian', false],
    ['[]d]ebian', ']ebian', true],
    ['[a-]x', '-x', true],
    ['[\\]]x', ']x', true],
    ['[d', '[d', true],
    ['[d', 'd', false],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['a\\', 'a\\', true],
    ['a/*', 'a/b/c', true],
    ['Debian', 'debian', false],
  ])('%j matches %j: %j', (glob, name, expected) => {
    expect(matchGlob(glob, name)).toBe(expected);
  });

  test('many stars cost no more than the product of the lengths', () => {
    expect(matchGlob(`${'*a'.repeat(2000)}*b`, 'a'.repeat(2500))).toBe(false);
  });
});

test.each([
  ['debian', false],
  ['deb*', true],
  ['deb?', true],
  ['[d]eb', true],
  ['deb\\*', true],
])('isGlob(%j) is %j', (text, expected) => {
  expect(isGlob(text)).toBe(expected);
});
