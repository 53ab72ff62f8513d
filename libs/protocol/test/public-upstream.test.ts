import { expect, test } from '@jest/globals';
import { publicUpstream } from '../src/index.js';

test.each([
  ['rsync://mirror@rsync.example.org/debian/', 'rsync://mirror@rsync.example.org/debian/'],
  ['rsync://mirror:s3cret@rsync.example.org/debian/', 'rsync://mirror@rsync.example.org/debian/'],
  ['https://ghp_token@github.com/a/b.git', 'https://github.com/a/b.git'],
  ['https://user:p@ss@git.example.org/a', 'https://git.example.org/a'],
  ['ssh://git:x@host/a', 'ssh://git@host/a'],
  ['https://example.org/@scope/package', 'https://example.org/@scope/package'],
  ['host::module/', 'host::module/'],
  ['', ''],
])('%s is shown as %s', (upstream, shown) => {
  expect(publicUpstream(upstream)).toBe(shown);
});
