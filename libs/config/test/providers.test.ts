import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import type { ProviderSchema } from '../src/index.js';
import { globalTable, mirror, mirrorTable, workerProblems } from './support.js';

const s3: ProviderSchema = {
  name: 's3',
  schema: z.object({
    bucket: z.string({ error: 'expected the name of a bucket' }),
    pageSize: z.number().int().min(1).default(1000),
    headers: z.record(z.string(), z.string()).optional(),
    upstream: z.url({ error: 'expected the URL of a service' }),
  }),
};
const providers = [s3, { name: 'noop' }];
const s3Mirror = '[[mirrors]]\nname = "m"\nprovider = "s3"\nupstream = "https://s3.example.org"\n';

describe('plug-in providers', () => {
  test('their values are delivered in extra, defaults included', async () => {
    const config = await mirror(`${globalTable}${s3Mirror}bucket = "b"\n`, { providers });
    expect(config).toMatchObject({
      provider: 's3',
      upstream: 'https://s3.example.org',
      extra: { bucket: 'b', pageSize: 1000, upstream: 'https://s3.example.org' },
    });
  });

  test('their keys are inherited like ours', async () => {
    const text = `${globalTable}[[mirrors]]\nprovider = "s3"\nupstream = "https://a"\nbucket = "b"\npagesize = 5\nheaders = { A = "1", B = "1" }\n[[mirrors.mirrors]]\nname = "m"\nbucket = ""\nheaders = { B = "2" }\n`;
    expect((await mirror(text, { providers })).extra).toEqual({
      bucket: 'b',
      pageSize: 5,
      headers: { A: '1', B: '2' },
      upstream: 'https://a',
    });
  });

  test('a zero of theirs counts where nothing is inherited, and overrides nothing', async () => {
    const schema = z.object({ verify: z.boolean().default(true), level: z.number().default(5) });
    const options = { providers: [{ name: 'odd', schema }] };
    const outer = `${globalTable}[[mirrors]]\nprovider = "odd"\nverify = false\nlevel = 3\n`;
    const inner = '[[mirrors.mirrors]]\nname = "m"\nlevel = 0\n';
    expect((await mirror(outer + inner, options)).extra).toEqual({ verify: false, level: 3 });
    expect((await mirror(`${outer}${inner}verify = true\n`, options)).extra).toEqual({
      verify: true,
      level: 3,
    });
  });

  test('their keys are part of the fingerprint', async () => {
    const text = `${globalTable}${s3Mirror}bucket = "b"\n`;
    expect((await mirror(text, { providers })).fingerprint).not.toBe(
      (await mirror(text.replace('"b"', '"c"'), { providers })).fingerprint,
    );
  });

  test('their keys are checked, each with its line', async () => {
    const text = `${globalTable}[[mirrors]]\nprovider = "s3"\npageSize = 0\n[[mirrors.mirrors]]\nname = "m"\nupstream = "no"\nheaders = { A = 1 }\n`;
    expect(await workerProblems(text, { providers })).toEqual([
      expect.stringMatching(/^error: w\.conf:9: mirrors\[0\]\.pageSize: Too small/),
      'error: w.conf:10: mirrors[0].mirrors[m].bucket: expected the name of a bucket',
      'error: w.conf:12: mirrors[0].mirrors[m].upstream: expected the URL of a service',
      expect.stringMatching(/^error: w\.conf:13: mirrors\[0\]\.mirrors\[m\]\.headers\.A: Invalid input/),
    ]);
  });

  test('their keys are unknown without the plug-in, and known to other providers with it', async () => {
    const text = `${globalTable}${mirrorTable}bucket = "b"\n`;
    expect(await workerProblems(text)).toEqual([
      'warning: w.conf:10: mirrors[m].bucket: unknown key, ignored',
    ]);
    expect(await workerProblems(text, { providers })).toEqual([]);
    expect((await mirror(text, { providers })).extra).toEqual({});
    expect(await workerProblems(text.replace('bucket', 'buckett'), { providers })).toEqual([
      "warning: w.conf:10: mirrors[m].buckett: unknown key, ignored; did you mean 'bucket'?",
    ]);
  });

  test('a plug-in without keys', async () => {
    expect(await mirror(`${globalTable}${mirrorTable}provider = "noop"\n`, { providers })).toMatchObject({
      provider: 'noop',
      extra: {},
    });
    expect(await workerProblems(`${globalTable}${mirrorTable}provider = "nope"\n`, { providers })).toEqual([
      "error: w.conf:10: mirrors[m].provider: unknown provider 'nope', expected one of 'rsync', 'two-stage-rsync', 'command', 's3', 'noop'",
    ]);
  });

  test('a schema that throws is an error of the mirror', async () => {
    const schema = z.object({
      bucket: z.string().transform(() => {
        throw new RangeError('not today');
      }),
    });
    expect(
      await workerProblems(`${globalTable}${mirrorTable}provider = "odd"\nbucket = "b"\n`, {
        providers: [{ name: 'odd', schema }],
      }),
    ).toEqual(["error: w.conf:7: mirrors[m]: the provider 'odd' could not check its keys: not today"]);
  });
});
