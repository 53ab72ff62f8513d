import { gunzipSync, brotliDecompressSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { EncodedBody, sendEncoded } from '../src/index.js';
import { chooseCoding } from '../src/replies/choose-coding.js';
import { ask } from './support.js';

const text = JSON.stringify(Array.from({ length: 200 }, (_, id) => ({ id })));

describe('the compression of an answer', () => {
  test.each([
    ['a client that names none', undefined, undefined],
    ['an empty header', '', undefined],
    ['the order of the server among equals', 'gzip, deflate, br', 'br'],
    ['a client that knows only gzip', 'gzip', 'gzip'],
    ['the old name of gzip', 'x-gzip', 'gzip'],
    ['any case', 'GZIP;Q=0.5', 'gzip'],
    ['the quality that the client gives', 'br;q=0.1, gzip;q=0.9', 'gzip'],
    ['a preference for no compression', 'identity, gzip;q=0.5', undefined],
    ['gzip before a worse identity', 'identity;q=0.3, gzip;q=0.5', 'gzip'],
    ['a refusal', 'br;q=0, gzip;q=0.000', undefined],
    ['a refusal beside a wildcard', 'br;q=0, *', 'gzip'],
    ['a wildcard', '*', 'br'],
    ['a wildcard that refuses everything else', 'gzip, *;q=0', 'gzip'],
    ['unknown names', 'zstd, snappy', undefined],
    ['a quality that is no number', 'gzip;q=x', undefined],
  ] as const)('respects %s', (_, accepted, coding) => {
    expect(chooseCoding(accepted, ['br', 'gzip'])).toBe(coding);
  });

  test('is never one that the body does not have', () => {
    expect(chooseCoding('br', ['gzip'])).toBeUndefined();
    expect(chooseCoding('br, gzip', [])).toBeUndefined();
  });
});

describe('a body that is kept encoded', () => {
  const body = new EncodedBody(text, undefined, ['br', 'gzip']);
  const get = (headers: Record<string, string>) =>
    ask(
      (request, response) => void sendEncoded(request, response, body, { 'x-own': '1' }),
      'GET',
      '/',
      headers,
    );

  test('comes as each client takes it, and is compressed once', async () => {
    const plain = await get({});
    expect(plain).toMatchObject({
      status: 200,
      body: text,
      headers: { vary: 'accept-encoding', 'x-own': '1' },
    });
    expect(plain.headers['content-encoding']).toBeUndefined();
    const zipped = await get({ 'accept-encoding': 'gzip' });
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(Buffer.from(zipped.body, 'latin1')).toString()).toBe(text);
    const brotli = await get({ 'accept-encoding': 'gzip, br' });
    expect(brotliDecompressSync(Buffer.from(brotli.body, 'latin1')).toString()).toBe(text);
    const [one, two] = await Promise.all([body.representation('gzip'), body.representation('gzip;q=0.2')]);
    expect(one.bytes).toBe(two.bytes);
  });

  test('is not compressed when it fits into one packet', async () => {
    expect(await new EncodedBody('{}').representation('gzip')).toEqual({ bytes: Buffer.from('{}') });
  });

  test.each([
    ['its tag', (tag: string) => tag],
    ['its tag in the strong form', (tag: string) => tag.replace('W/', '')],
    ['one of several tags', (tag: string) => `"x", ${tag}`],
    ['anything', () => '*'],
  ])('is not sent again to a client that has %s', async (_, header) => {
    const answer = await get({ 'if-none-match': header(body.etag) });
    expect(answer).toMatchObject({ status: 304, body: '', headers: { etag: body.etag, 'x-own': '1' } });
  });

  test('is sent to a client that has another one', async () => {
    expect((await get({ 'if-none-match': '"x"' })).status).toBe(200);
    expect(new EncodedBody(`${text} `).etag).not.toBe(body.etag);
  });
});
