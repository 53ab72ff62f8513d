import { expect, test } from '@jest/globals';
import { keepEscapes, unescapePart } from '../site/routes/escapes.js';

test.each(['a b %41#x?y&z=1', '50%', '%2F', '镜像', '...dots..', "it's"])(
  'a mirror called %s is found again by its address, which the router decodes once',
  (name) => {
    const path = `/mirrors/w/${encodeURIComponent(name)}`;
    const seen = decodeURI(keepEscapes(path));
    expect(seen).toBe(path);
    expect(unescapePart(seen.split('/').at(-1) ?? '')).toBe(name);
  },
);

test('the path of the pages is decoded, as the router decodes it to compare', () => {
  expect(decodeURI(keepEscapes('/a%20b/ui/mirrors/w/50%25', '/a%20b/ui'))).toBe('/a b/ui/mirrors/w/50%25');
});

test('a part with an invalid escape is returned as it is', () => {
  expect(unescapePart('50%')).toBe('50%');
});
