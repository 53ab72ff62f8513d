import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { testAuthority } from '@tunasync/test-utils';
import { namedFile, pairFiles, readTlsFiles } from '../src/index.js';
import { days, site } from './support.js';

describe('readTlsFiles', () => {
  test('gives the texts of all files that are named', async () => {
    await using at = await site();
    const { files, first, ca } = at;
    expect(await readTlsFiles({ ...files, client: files.server, ca: files.clientCa })).toEqual({
      texts: { server: first, client: first, clientCa: ca.cert, ca: ca.cert },
      problems: [],
      warnings: [],
    });
    const none = { server: undefined, client: undefined, clientCa: undefined, ca: undefined };
    expect(await readTlsFiles({})).toEqual({ texts: none, problems: [], warnings: [] });
  });

  test('a chain and a bundle may have any number of certificates, with text between them', async () => {
    await using at = await site();
    const chain = `# my own\n${at.first.cert}${at.ca.cert}`;
    await at.put('cert.pem', chain);
    await at.put('ca.pem', `${(await testAuthority()).cert}\nfor later\n${at.ca.cert}`);
    const { texts, problems } = await readTlsFiles(at.files);
    expect(problems).toEqual([]);
    expect(texts.server?.cert).toBe(chain);
  });

  test('names every key and file that cannot be used, and shows nothing of what is in them', async () => {
    await using at = await site();
    const { path } = at;
    const other = await at.ca.issue();
    const cut = at.first.cert.slice(0, 300);
    const locked = execFileSync('openssl', ['pkcs8', '-topk8', '-passout', 'pass:hunter2'], {
      input: at.first.key,
      encoding: 'utf8',
    });
    const weakKey = execFileSync('openssl', ['genrsa', '512'], { encoding: 'utf8', stdio: 'pipe' });
    await at.put('weak.pem', weakKey);
    const request = ['req', '-x509', '-new', '-key', path('weak.pem'), '-subj', '/CN=weak', '-days', '9'];
    const weak = execFileSync('openssl', request, { encoding: 'utf8' });
    const cases: [cert: string, key: string, problem: RegExp][] = [
      [cut, at.first.key, /^server\.ssl_cert: .*\/cert\.pem: it is cut off: a certificate in it has no end$/],
      [`${at.first.cert}${cut}`, at.first.key, /^server\.ssl_cert: .*: it is cut off/],
      ['', at.first.key, /^server\.ssl_cert: .*: expected a certificate in PEM form$/],
      [at.first.key, at.first.key, /^server\.ssl_cert: .*: expected a certificate in PEM form$/],
      [at.first.cert.replaceAll('A', 'B'), at.first.key, /^server\.ssl_cert: .*: expected a certificate/],
      [
        at.first.cert,
        'secret',
        /^server\.ssl_key: .*\/key\.pem: expected a private key in PEM form, without/,
      ],
      [at.first.cert, locked, /^server\.ssl_key: .*\/key\.pem: expected a private key in PEM form, without/],
      [
        at.first.cert,
        other.key,
        /^server\.ssl_key: .*\/key\.pem: it is not the key of the certificate .*cert/,
      ],
      [weak, weakKey, /^server\.ssl_cert: .*\/cert\.pem: it cannot be used: .*key too small$/],
    ];
    for (const [cert, key, problem] of cases) {
      await at.putPair({ cert, key });
      const read = await readTlsFiles(at.files);
      expect(read.problems).toEqual([expect.stringMatching(problem)]);
      expect(read.problems.join()).not.toMatch(/secret|MIG|hunter2/);
      expect([read.texts.server, read.texts.clientCa]).toEqual([undefined, at.ca.cert]);
    }
    const missing = await readTlsFiles({
      client: pairFiles('manager', 'client', { certFile: path('no.pem'), keyFile: path('none.pem') }),
      ca: namedFile('files.ca_cert', at.folder),
    });
    expect(missing.problems).toEqual([
      expect.stringMatching(/^manager\.client_cert: cannot read .*\/no\.pem: the file does not exist$/),
      expect.stringMatching(/^manager\.client_key: cannot read .*\/none\.pem: the file does not exist$/),
      expect.stringMatching(/^files\.ca_cert: cannot read .*: it is a folder$/),
    ]);
  });

  test('warns of certificates that do not hold now', async () => {
    await using at = await site();
    const now = Date.now();
    await at.putPair(
      await at.ca.issue({ from: new Date(now - days(9)), to: new Date('2026-01-02T03:04:05Z') }),
    );
    expect(await readTlsFiles({ server: at.files.server }, { now: () => now })).toMatchObject({
      texts: { server: { cert: expect.stringContaining('BEGIN') } },
      problems: [],
      warnings: [`server.ssl_cert: ${at.path('cert.pem')} has expired on 2026-01-02`],
    });
    await at.putPair(
      await at.ca.issue({ from: new Date('2199-01-02T03:04:05Z'), to: new Date('2199-02-02') }),
    );
    expect((await readTlsFiles({ server: at.files.server })).warnings).toEqual([
      `server.ssl_cert: ${at.path('cert.pem')} is not valid before 2199-01-02T03:04:05.000Z`,
    ]);
  });

  test('an expired authority does not matter beside one that holds', async () => {
    await using at = await site();
    const old = await testAuthority('old', { from: new Date(0), to: new Date('2020-01-01') });
    await at.put('ca.pem', old.cert + at.ca.cert);
    expect((await readTlsFiles(at.files)).warnings).toEqual([]);
    await at.put('ca.pem', old.cert);
    expect((await readTlsFiles(at.files)).warnings).toEqual([
      `server.client_ca: ${at.path('ca.pem')} has expired on 2020-01-01`,
    ]);
  });
});
