import { describe, expect, test } from '@jest/globals';
import { nearest } from '../src/index.js';

describe('nearest', () => {
  test.each([
    ['debain', ['debian', 'ubuntu'], 'debian'],
    ['UBUNTU', ['debian', 'Ubuntu'], 'Ubuntu'],
    ['ab', ['ac'], 'ac'],
    ['arch', ['debian', 'ubuntu'], undefined],
    ['x', [], undefined],
    ['', ['debian'], undefined],
  ])('%j among %j', (word, known, expected) => {
    expect(nearest(word, known)).toBe(expected);
  });
});
