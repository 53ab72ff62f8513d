import { IncomingMessage, type IncomingHttpHeaders } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { browserGuard, csrfGuard, type RequestGuard } from '../src/index.js';

const passes = (guard: RequestGuard, headers: IncomingHttpHeaders, method = 'POST'): boolean => {
  try {
    guard(Object.assign(new IncomingMessage(new Socket()), { headers, method }));
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'ORIGIN_REFUSED', status: 403 });
    return false;
  }
};

describe('the guard against other sites', () => {
  const guard = csrfGuard();

  test.each([
    ['a program that is no browser', {}],
    ['a page of the same origin', { 'sec-fetch-site': 'same-origin', origin: 'https://a', host: 'b' }],
    ['the address bar', { 'sec-fetch-site': 'none' }],
    ['an Origin that is the Host', { origin: 'http://m.example:1', host: 'm.example:1' }],
    ['the default port', { origin: 'https://m.example', host: 'm.example:443' }],
    ['an IPv6 address', { origin: 'http://[2001:db8::1]:14242', host: '[2001:db8::1]:14242' }],
    ['an IPv6 address in another spelling', { origin: 'http://[2001:db8::1]', host: '[2001:DB8:0::1]:80' }],
    ['the host that a proxy names', { origin: 'http://m', host: 'in', 'x-forwarded-host': 'a, m' }],
    ['the host in Forwarded', { origin: 'http://[::1]', host: 'in', forwarded: 'for=x;host="[::1]"' }],
  ])('lets %s pass', (_, headers) => {
    expect(passes(guard, headers)).toBe(true);
  });

  test.each([
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://m', host: 'm' }],
    ['a sibling domain', { 'sec-fetch-site': 'same-site', origin: 'https://x.m', host: 'm' }],
    ['an Origin that is not the Host', { origin: 'http://evil', host: 'm' }],
    ['an opaque Origin', { origin: 'null', host: 'null' }],
    ['another port', { origin: 'http://m:1', host: 'm:2' }],
    ['another IPv6 address', { origin: 'http://[2001:db8::2]', host: '[2001:db8::1]' }],
    ['an Origin that cannot be parsed', { origin: 'http://[', host: '[' }],
    ['a Host that cannot be parsed', { origin: 'http://m', host: 'm:x' }],
    [
      'a site that no version of the standard names',
      { 'sec-fetch-site': 'x', origin: 'http://m', host: 'm' },
    ],
  ])('refuses %s', (_, headers) => {
    expect(passes(guard, headers)).toBe(false);
    expect(passes(guard, headers, 'GET')).toBe(true);
    expect(passes(guard, headers, 'HEAD')).toBe(true);
    expect(passes(guard, headers, 'DELETE')).toBe(false);
  });

  test('refuses names that others may own where the public URL is known', () => {
    const known = csrfGuard('https://m.example/sub/');
    const at = (host: string): boolean => passes(known, { origin: `http://${host}`, host });
    for (const host of [
      'evil.example',
      'evil.example:1',
      '127.0.0.1.evil.example',
      'localhost.evil.example',
    ]) {
      expect([host, at(host)]).toEqual([host, false]);
    }
    for (const host of [
      'm.example:8080',
      '192.0.2.7',
      '[2001:db8::1]:14242',
      '[::ffff:192.0.2.7]:14242',
      '[::1]',
      'localhost:1',
      'a.localhost',
      'manager',
    ]) {
      expect([host, at(host)]).toEqual([host, true]);
    }
    // the public URL passes whatever a proxy made of Host and fetch metadata
    expect(passes(known, { origin: 'https://m.example', host: 'x', 'sec-fetch-site': 'cross-site' })).toBe(
      true,
    );
    expect(passes(known, { origin: 'http://m.example', host: 'x' })).toBe(false);
  });

  test('ignores a public URL that is none', () => {
    expect(passes(csrfGuard('m.example'), { origin: 'http://m', host: 'm' })).toBe(true);
  });
});

describe('the guard against all pages', () => {
  test.each([
    [{ origin: 'http://m', host: 'm' }],
    [{ origin: 'null' }],
    [{ 'sec-fetch-site': 'same-origin' }],
    [{ 'sec-fetch-site': 'none' }],
  ])('refuses a change by a browser (%j), and lets it read', (headers) => {
    expect(passes(browserGuard, headers)).toBe(false);
    expect(passes(browserGuard, headers, 'GET')).toBe(true);
  });

  test('lets other programs pass', () => {
    expect(passes(browserGuard, { host: 'm' })).toBe(true);
  });
});
