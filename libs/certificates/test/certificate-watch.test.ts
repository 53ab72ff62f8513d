import { rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { nullLogger } from '@tunasync/logger';
import { waitFor } from '@tunasync/test-utils';
import { watchCertificates, type TlsTexts } from '../src/index.js';
import { days, site, watch } from './support.js';

describe('watchCertificates', () => {
  test('does not begin with files that cannot be used, and names them all', async () => {
    await using at = await site();
    await at.put('key.pem', 'half');
    await rm(at.path('ca.pem'));
    await expect(watch(at.files)).rejects.toMatchObject({
      code: 'TLS_FILES_INVALID',
      message: expect.stringMatching(
        /^server\.ssl_key: .*key\.pem: expected a private key.*; server\.client_ca: cannot read .*ca\.pem/,
      ),
    });
  });

  test('new files come into force at the next look, and their users are told', async () => {
    await using at = await site();
    const { watching, chores, said } = await watch(at.files);
    using _end = watching;
    const told: TlsTexts[] = [];
    watching.onChange((texts) => told.push(texts));
    expect(watching.texts.server).toEqual(at.first);
    await watching.check();
    expect([told, said()]).toEqual([[], []]);

    const second = await at.ca.issue({ name: 'second', to: new Date('2199-05-06') });
    await at.putPair(second);
    chores.get('*/30 * * * * *')!();
    await waitFor('the look', () => told.length === 1);
    expect(watching.texts).toEqual({ ...told[0], server: second, clientCa: at.ca.cert });
    expect(said()).toEqual([
      `notice: server.ssl_cert: ${at.path('cert.pem')} is in force anew, valid until 2199-05-06`,
    ]);
  });

  test('a rename over a file and another target of a symbolic link are noticed, as certbot does it', async () => {
    await using at = await site();
    await rename(at.path('cert.pem'), at.path('cert1.pem'));
    await rename(at.path('key.pem'), at.path('key1.pem'));
    await symlink('cert1.pem', at.path('cert.pem'));
    await symlink('key1.pem', at.path('key.pem'));
    const { watching } = await watch(at.files);
    using _end = watching;
    const second = await at.ca.issue();
    await at.put('cert2.pem', second.cert);
    await at.put('key2.pem', second.key);
    for (const name of ['cert', 'key']) {
      await symlink(`${name}2.pem`, at.path('new'));
      await rename(at.path('new'), at.path(`${name}.pem`));
    }
    await watching.check();
    expect(watching.texts.server).toEqual(second);

    // of the same length as the one before
    const third = await at.ca.issue();
    await at.put('new-cert', third.cert);
    await at.put('new-key', third.key);
    await rename(at.path('new-cert'), at.path('cert.pem'));
    await rename(at.path('new-key'), at.path('key.pem'));
    await watching.check();
    expect(watching.texts.server).toEqual(third);
  });

  test('broken files change nothing and are warned of once, a good one is taken later', async () => {
    await using at = await site();
    const { watching, said } = await watch(at.files);
    using _end = watching;
    const told: TlsTexts[] = [];
    watching.onChange((texts) => told.push(texts));
    const second = await at.ca.issue();
    await at.put('cert.pem', second.cert.slice(0, 200));
    await watching.check();
    await watching.check();
    await at.put('cert.pem', second.cert.slice(0, 201));
    await watching.check();
    await at.put('cert.pem', second.cert);
    await watching.check();
    await watching.check();
    expect(watching.texts.server).toEqual(at.first);
    expect(said()).toEqual([
      expect.stringMatching(
        /^warn: server\.ssl_cert: .* is cut off.*; what was there before stays in force$/,
      ),
      expect.stringMatching(
        /^warn: server\.ssl_key: .*it is not the key of the certificate .*stays in force$/,
      ),
    ]);
    expect(told).toEqual([]);
    await at.put('key.pem', second.key);
    await watching.check();
    expect(watching.texts.server).toEqual(second);
    expect(told).toHaveLength(1);
    expect(said()).toHaveLength(3);
    expect(said().join()).not.toContain('MIG');
  });

  test('going back to the old files is no change, and ends the warning', async () => {
    await using at = await site();
    const { watching, said } = await watch(at.files);
    using _end = watching;
    for (let turn = 0; turn < 2; turn++) {
      await rm(at.path('ca.pem'));
      await watching.check();
      await at.put('ca.pem', at.ca.cert);
      await watching.check();
    }
    expect(said()).toEqual([
      expect.stringMatching(/^warn: server\.client_ca: cannot read .*: the file does not exist; what/),
      expect.stringMatching(/^warn: server\.client_ca: cannot read .*: the file does not exist; what/),
    ]);
  });

  test('a certificate that is replaced a moment before its key is nothing to warn of', async () => {
    await using at = await site();
    const { watching, said } = await watch(at.files);
    using _end = watching;
    const second = await at.ca.issue();
    await at.put('cert.pem', second.cert);
    const looking = watching.check();
    await at.put('key.pem', second.key);
    await looking;
    await watching.check();
    expect(watching.texts.server).toEqual(second);
    expect(said()).toEqual([expect.stringMatching(/^notice: .* is in force anew/)]);
  });

  test('an expired certificate does not replace one that holds; one that does not hold yet waits for its time', async () => {
    await using at = await site();
    let now = Date.now();
    const { watching, said } = await watch(at.files, () => now);
    using _end = watching;
    await at.putPair(await at.ca.issue({ from: new Date(0), to: new Date('2020-01-01') }));
    await watching.check();
    expect(watching.texts.server).toEqual(at.first);
    const later = await at.ca.issue({ from: new Date(now + days(2)), to: new Date(now + days(400)) });
    await at.putPair(later);
    await watching.check();
    expect(watching.texts.server).toEqual(at.first);
    expect(said()).toEqual([
      expect.stringMatching(/^warn: .*has expired on 2020-01-01; what was there before stays in force$/),
      expect.stringMatching(/^warn: .*is not valid before .*; what was there before stays in force$/),
    ]);
    now += days(3);
    await watching.check();
    expect(watching.texts.server).toEqual(later);
  });

  test('warns at start and every day of what expires within 14 days, or has expired', async () => {
    await using at = await site();
    const end = Date.parse('2027-03-01T12:00:00Z');
    let now = end - days(15);
    await at.putPair(await at.ca.issue({ to: new Date(end) }));
    const { watching, chores, said } = await watch(at.files, () => now);
    using _end = watching;
    for (const left of [14.5, 13.5, 1.5, 0.5, -0.5]) {
      now = end - days(left);
      chores.get('0 9 * * *')!();
    }
    const cert = `warn: server.ssl_cert: ${at.path('cert.pem')}`;
    expect(said()).toEqual([
      `${cert} expires in 13 days, on 2027-03-01`,
      `${cert} expires in 1 day, on 2027-03-01`,
      `${cert} expires in less than a day, on 2027-03-01`,
      `${cert} has expired on 2027-03-01`,
    ]);
    const again = await watch(at.files, () => end - days(3));
    again.watching.close();
    expect(again.said()).toEqual([`${cert} expires in 3 days, on 2027-03-01`]);
  });

  test('a user who cannot take new files over does not keep others from it', async () => {
    await using at = await site();
    const { watching, said } = await watch(at.files);
    using _end = watching;
    const told: string[] = [];
    watching.onChange(() => {
      throw new RangeError('no room');
    });
    const end = watching.onChange(() => told.push('ended'));
    watching.onChange(() => told.push('other'));
    end();
    await at.putPair(await at.ca.issue());
    await watching.check();
    expect(told).toEqual(['other']);
    expect(said()[1]).toBe('warn: new certificates could not be taken over: no room');
  });

  test('after close nothing is looked at, said or waited for', async () => {
    await using at = await site();
    const { watching, chores, said } = await watch(at.files);
    watching.onChange(() => {
      throw new RangeError('told');
    });
    await at.put('cert.pem', 'broken');
    const looking = watching.check();
    watching.close();
    watching.close();
    await looking;
    await watching.check();
    expect([chores.size, said()]).toEqual([0, []]);
  });

  test('by itself it looks every half minute, and leaves no timer behind', async () => {
    await using at = await site();
    const watching = await watchCertificates({ files: at.files, logger: nullLogger });
    const { default: schedule } = await import('node-schedule');
    const ours = Object.values(schedule.scheduledJobs);
    expect(ours).toHaveLength(2);
    const second = await at.ca.issue();
    await writeFile(join(at.folder, 'cert.pem'), second.cert);
    await writeFile(join(at.folder, 'key.pem'), second.key);
    for (const job of ours) job.invoke();
    await waitFor('the look', () => watching.texts.server?.cert === second.cert);
    const nexts = ours.map((job) => job.nextInvocation()!.getTime() - Date.now());
    expect(Math.min(...nexts)).toBeLessThanOrEqual(30_000);
    watching.close();
    expect(schedule.scheduledJobs).toEqual({});
    const without = await watchCertificates({ files: {}, logger: nullLogger });
    expect(schedule.scheduledJobs).toEqual({});
    without.close();
  });
});
