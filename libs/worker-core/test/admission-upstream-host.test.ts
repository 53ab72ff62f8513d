import { expect, test } from '@jest/globals';
import { upstreamHost } from '../src/admission/upstream-host.js';

test.each([
  ['rsync://mirrors.example.org/debian/', 'mirrors.example.org'],
  ['rsync://user@Mirrors.Example.ORG:8730/debian/', 'mirrors.example.org'],
  ['rsync://user:p@ss@mirrors.example.org/a@b/', 'mirrors.example.org'],
  ['rsync://[2001:DB8::1]:873/debian/', '2001:db8::1'],
  ['https://example.org', 'example.org'],
  ['https://example.org.?x=@other', 'example.org'],
  ['mirrors.example.org::debian/', 'mirrors.example.org'],
  ['user@mirrors.example.org::debian/a:b/', 'mirrors.example.org'],
  ['user@example.org:/srv/mirror/', 'example.org'],
  ['[2001:db8::1]::debian/', '2001:db8::1'],
  ['/srv/mirror/', ''],
  ['./a:b/', ''],
  ['file:///srv/mirror/', ''],
  ['', ''],
])('%s comes from %s', (upstream, host) => {
  expect(upstreamHost(upstream)).toBe(host);
});
