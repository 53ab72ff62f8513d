import { expect, test } from '@jest/globals';
import { isGlob, matcherOf } from '../src/mirror/name-glob.js';

const names = ['debian', 'debian-cd', 'debian-security', 'ubuntu', '.hidden', 'a{b}', 'a,b'];

test.each([
  ['debian*', ['debian', 'debian-cd', 'debian-security']],
  ['*', names],
  ['{debian,ubuntu}', ['debian', 'ubuntu']],
  ['{debian{,-cd},ubuntu}', ['debian', 'debian-cd', 'ubuntu']],
  ['debian{-[ac]d,-s*}', ['debian-cd', 'debian-security']],
  ['{debian,x}{-cd,-y}', ['debian-cd']],
  ['a{b}', ['a{b}']],
  ['{debian,ubuntu', []],
  ['[du]*', ['debian', 'debian-cd', 'debian-security', 'ubuntu']],
  ['[!du]*', ['.hidden', 'a{b}', 'a,b']],
  ['debia?', ['debian']],
])('the glob %s matches %j', (glob, expected) => {
  expect(isGlob(glob)).toBe(true);
  expect(names.filter(matcherOf(glob))).toEqual(expected);
});

test('a plain name is not a glob', () => {
  expect(['debian', 'c++', 'a.b-c_d'].filter(isGlob)).toEqual([]);
});
