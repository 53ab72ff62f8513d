import { execFile, execFileSync } from 'node:child_process';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { tempDir, testAuthority } from '@tunasync/test-utils';
import { runCtl, type Seen } from './run-ctl.js';

/** Creates a folder with an authority in it. */
async function site() {
  const folder = await tempDir();
  const ca = join(folder.path, 'ca');
  const path = (name: string): string => join(folder.path, name);
  const cert = (...args: string[]): Promise<Seen> => runCtl(['cert', ...args]);
  const issue = (...args: string[]): Promise<Seen> =>
    cert('issue', ...args, '--ca', ca, '--out', folder.path);
  expect((await cert('init', ca)).exit).toBe(0);
  return { folder: folder.path, ca, path, cert, issue, [Symbol.asyncDispose]: () => folder.remove() };
}

/** Returns the output of `openssl verify`: OK, or its complaint. */
async function verify(ca: string, file: string, ...more: string[]): Promise<string> {
  const args = ['verify', '-x509_strict', '-CAfile', join(ca, 'ca.pem'), ...more, file];
  return promisify(execFile)('openssl', args).then(
    ({ stdout }) => stdout.trim(),
    (error: unknown) => (error as { stderr: string }).stderr,
  );
}

const mode = async (file: string): Promise<string> => ((await stat(file)).mode & 0o777).toString(8);
const years = (count: number): string =>
  new Date(Date.now() + count * 24 * 3600 * 1000).toISOString().slice(0, 10);

describe('cert init', () => {
  test('init creates an authority whose key only its owner can read, and reports it', async () => {
    await using at = await site();
    const folder = at.path('other-ca');
    const made = await at.cert('init', folder, '--name', 'Mirror site, "CA"', '--days', '30');
    expect(made).toEqual({
      exit: 0,
      stderr: '',
      stdout: `${folder}/ca.pem: certificate of 'Mirror site, "CA"', until ${years(30)}; copy it to every machine
${folder}/ca-key.pem: its private key; keep it here, because it can sign certificates
`,
    });
    expect([
      await mode(folder),
      await mode(join(folder, 'ca-key.pem')),
      await mode(join(folder, 'ca.pem')),
    ]).toEqual(['700', '600', '644']);
    expect((await readdir(folder)).sort()).toEqual(['ca-key.pem', 'ca.pem']);
    expect(await verify(folder, join(folder, 'ca.pem'))).toBe(`${folder}/ca.pem: OK`);
    const text = execFileSync('openssl', ['x509', '-noout', '-text', '-in', join(folder, 'ca.pem')], {
      encoding: 'utf8',
    });
    const subject = ['x509', '-noout', '-subject', '-nameopt', 'RFC2253', '-in', join(folder, 'ca.pem')];
    expect(execFileSync('openssl', subject, { encoding: 'utf8' })).toBe(
      'subject=CN=Mirror site\\, \\"CA\\"\n',
    );
    expect(text).toContain('NIST CURVE: P-256');
    expect(text).toMatch(/Basic Constraints: critical\s+CA:TRUE, pathlen:0/);
    expect(text).toMatch(/Key Usage: critical\s+Certificate Sign, CRL Sign/);
  });

  test('init overwrites nothing', async () => {
    await using at = await site();
    const before = await readFile(join(at.ca, 'ca-key.pem'), 'utf8');
    expect(await at.cert('init', at.ca)).toEqual({
      exit: 1,
      stdout: '',
      stderr: `cannot write ${at.ca}/ca-key.pem: it is there already\n`,
    });
    expect(await readFile(join(at.ca, 'ca-key.pem'), 'utf8')).toBe(before);
    // one of the two files exists: the other one is not left behind
    const half = at.path('half');
    await at.cert('init', half);
    execFileSync('rm', [join(half, 'ca-key.pem')]);
    expect((await at.cert('init', half)).stderr).toBe(`cannot write ${half}/ca.pem: it is there already\n`);
    expect(await readdir(half)).toEqual(['ca.pem']);
  });

  test.each([
    [['init', '/dev/null/ca'], 'cannot create the folder /dev/null/ca: a part of the path is no folder\n'],
    [['init', '/proc/ca'], 'cannot create the folder /proc/ca: there is no such file or folder\n'],
    [['init', 'x', '--name', ''], '--name: expected 1 to 64 characters\n'],
    [['init', 'x', '--days', '0'], /^tunasynctl: .*'0' is invalid\. expected a number from 1 to 36500/],
    [[], /^tunasynctl: expected a command/],
  ])('%j prints one line and exits with 1', async (args, line) => {
    const { exit, stdout, stderr } = await runCtl(['cert', ...args]);
    expect([exit, stdout]).toEqual([1, '']);
    expect(stderr).toEqual(typeof line === 'string' ? line : expect.stringMatching(line));
    expect(stderr.trimEnd()).not.toContain('\n');
  });
});

describe('cert issue', () => {
  test('issue creates a host certificate that openssl accepts for exactly its names', async () => {
    await using at = await site();
    const file = at.path('manager.example.org.pem');
    const issued = await at.issue(
      'Manager.example.org',
      '--host',
      '192.0.2.1',
      '[2001:db8::1]',
      '*.bücher.example',
    );
    expect(issued).toEqual({ exit: 0, stderr: '', stdout: expect.stringContaining('') });
    const made = at.path('Manager.example.org.pem');
    expect(issued.stdout).toBe(
      `${made}: certificate for DNS manager.example.org, IP 192.0.2.1, IP 2001:db8::1, DNS *.xn--bcher-kva.example, until ${years(825)}\n${at.path('Manager.example.org-key.pem')}: its private key\n`,
    );
    expect(file).not.toBe(made);
    expect(await mode(at.path('Manager.example.org-key.pem'))).toBe('600');
    for (const good of [
      ['-verify_hostname', 'manager.example.org'],
      ['-verify_hostname', 'x.xn--bcher-kva.example'],
      ['-verify_ip', '192.0.2.1'],
      ['-verify_ip', '2001:db8::1'],
      ['-purpose', 'sslserver'],
      ['-purpose', 'sslclient'],
    ]) {
      expect(await verify(at.ca, made, ...good)).toBe(`${made}: OK`);
    }
    expect(await verify(at.ca, made, '-verify_hostname', 'worker.example.org')).toMatch(/hostname mismatch/i);
    expect(await verify(at.ca, made, '-verify_ip', '192.0.2.2')).toMatch(/IP address mismatch/i);
  });

  test('issue --client creates a client certificate that servers cannot use', async () => {
    await using at = await site();
    const { stdout } = await at.issue('alice@laptop', '--client', '--days', '30');
    const file = at.path('alice@laptop.pem');
    expect(stdout).toBe(
      `${file}: client certificate, until ${years(30)}\n${at.path('alice@laptop-key.pem')}: its private key\n`,
    );
    expect(await verify(at.ca, file, '-purpose', 'sslclient')).toBe(`${file}: OK`);
    expect(await verify(at.ca, file, '-purpose', 'sslserver')).toMatch(/unsuitable certificate purpose/);
  });

  test('both certificates work in a handshake, and the server sees the name of the client', async () => {
    await using at = await site();
    await at.issue('localhost', '--host', '127.0.0.1');
    await at.issue('tunasynctl', '--client');
    const read = (name: string): Promise<string> => readFile(at.path(name), 'utf8');
    const ca = await readFile(join(at.ca, 'ca.pem'), 'utf8');
    const server = createServer(
      { cert: await read('localhost.pem'), key: await read('localhost-key.pem'), ca, requestCert: true },
      ({ socket }, response) => {
        response.end(socket instanceof TLSSocket ? socket.getPeerX509Certificate()?.subject : '');
      },
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const client = { cert: await read('tunasynctl.pem'), key: await read('tunasynctl-key.pem'), ca };
      const seen = await new Promise<string>((resolve, reject) => {
        request({ host: '127.0.0.1', port, agent: false, ...client }, (response) => {
          let text = '';
          response.on('data', (chunk: Buffer) => (text += chunk.toString()));
          response.on('end', () => {
            resolve(text);
          });
        })
          .on('error', reject)
          .end();
      });
      expect(seen).toBe('CN=tunasynctl');
    } finally {
      server.close();
    }
  });

  test('--renew keeps key, names and use, and replaces only the certificate', async () => {
    await using at = await site();
    await at.issue('worker', '--host', '192.0.2.9', '::1', '--days', '1');
    await at.issue('ctl', '--client', '--days', '1');
    const read = (name: string): Promise<string> => readFile(at.path(name), 'utf8');
    const [key, old] = [await read('worker-key.pem'), await read('worker.pem')];
    const renewed = await at.issue('worker', '--renew', '--days', '90');
    expect(renewed).toEqual({
      exit: 0,
      stderr: '',
      stdout: `${at.path('worker.pem')}: certificate for DNS worker, IP 192.0.2.9, IP ::1, until ${years(90)}\n`,
    });
    expect(await read('worker-key.pem')).toBe(key);
    expect(await read('worker.pem')).not.toBe(old);
    expect(await verify(at.ca, at.path('worker.pem'), '-verify_ip', '192.0.2.9')).toMatch(/: OK$/);
    expect((await at.cert('show', at.path('worker.pem'))).stdout).toContain('worker-key.pem is its key');
    const moved = await at.issue('worker', '--renew', '--host', 'new.example.org');
    expect(moved.stdout).toMatch(/: certificate for DNS new\.example\.org, until /);
    expect((await at.issue('ctl', '--renew')).stdout).toMatch(/: client certificate, until /);
    expect(await readdir(at.folder)).toEqual([
      'ca',
      'ctl-key.pem',
      'ctl.pem',
      'worker-key.pem',
      'worker.pem',
    ]);
  });

  test('--renew keeps names of other kinds that openssl added, or names the one it cannot keep', async () => {
    await using at = await site();
    const issued = (name: string, names: string): void => {
      const [key, cert] = [at.path(`${name}-key.pem`), at.path(`${name}.pem`)];
      const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${names}`];
      const args = [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        ...subject,
        '-keyout',
        key,
        '-out',
        cert,
      ];
      execFileSync('openssl', args, { stdio: 'ignore' });
    };
    issued('ops', 'DNS:ops.example.org,email:ops@example.org,URI:https://ops.example.org/');
    const { stdout } = await at.issue('ops', '--renew');
    expect(stdout).toMatch(
      /: certificate for DNS ops\.example\.org, email ops@example\.org, URI https:\/\/ops\.example\.org\/, until /,
    );
    expect((await at.cert('show', at.path('ops.pem'))).stdout).toContain(
      'names:       DNS ops.example.org, email ops@example.org, URI https://ops.example.org/\n',
    );
    issued('odd', 'DNS:odd.example.org,RID:1.2.3.4');
    const old = await readFile(at.path('odd.pem'), 'utf8');
    expect(await at.issue('odd', '--renew')).toEqual({
      exit: 1,
      stdout: '',
      stderr: `${at.path('odd.pem')}: --renew cannot keep its name 'Registered ID 1.2.3.4': give the names with --host\n`,
    });
    expect(await readFile(at.path('odd.pem'), 'utf8')).toBe(old);
  });

  test('a certificate does not outlive its authority', async () => {
    await using at = await site();
    const short = at.path('short');
    await at.cert('init', short, '--days', '10');
    const { stdout } = await runCtl(['cert', 'issue', 'host', '--ca', short, '--out', at.folder]);
    expect(stdout).toContain(`until ${years(10)}\n`);
  });

  test('authorities of openssl can sign: RSA and other curves', async () => {
    await using at = await site();
    for (const algorithm of [['rsa:2048'], ['ec', '-pkeyopt', 'ec_paramgen_curve:P-384']]) {
      const ca = at.path(algorithm.join(''));
      execFileSync('mkdir', [ca]);
      execFileSync(
        'openssl',
        [
          'req',
          '-x509',
          '-newkey',
          ...algorithm,
          '-nodes',
          '-subj',
          '/CN=openssl',
          '-addext',
          'keyUsage=critical,keyCertSign',
          '-days',
          '9',
          '-keyout',
          `${ca}/ca-key.pem`,
          '-out',
          `${ca}/ca.pem`,
        ],
        { stdio: 'ignore' },
      );
      const { exit } = await runCtl(['cert', 'issue', 'host', '--ca', ca, '--out', ca]);
      expect([exit, await verify(ca, join(ca, 'host.pem'))]).toEqual([0, `${join(ca, 'host.pem')}: OK`]);
    }
  });

  test('an impossible request prints one line and leaves no file behind', async () => {
    await using at = await site();
    await at.issue('there');
    const other = await (await testAuthority()).issue();
    await writeFile(at.path('foreign.pem'), other.cert);
    await writeFile(at.path('foreign-key.pem'), await readFile(at.path('there-key.pem'), 'utf8'));
    execFileSync('mkdir', ['-p', at.path('leaf'), at.path('old'), at.path('mixed'), at.path('garbage')]);
    await writeFile(at.path('leaf/ca.pem'), other.cert);
    await writeFile(at.path('leaf/ca-key.pem'), other.key);
    await writeFile(at.path('mixed/ca.pem'), await readFile(join(at.ca, 'ca.pem'), 'utf8'));
    await writeFile(at.path('mixed/ca-key.pem'), other.key);
    await writeFile(at.path('garbage/ca.pem'), await readFile(join(at.ca, 'ca.pem'), 'utf8'));
    await writeFile(at.path('garbage/ca-key.pem'), 'hunter2');
    const before = (await readdir(at.folder)).sort();
    const cases: [string[], RegExp][] = [
      [['there'], /^cannot write .*there-key\.pem: it is there already$/],
      [['../up'], /^tunasynctl: '\.\.\/up' cannot name files: expected up to 64/],
      [['*.example.org'], /^tunasynctl: '\*\.example\.org' cannot name files: .*wildcard/],
      [['a b'], /^'a b' is not a host name: give the host names of the machine with --host$/],
      [['256.1.1.1'], /^'256\.1\.1\.1' is not a host name/],
      [['x', '--host', 'http://y'], /^--host: expected a host name or address, found 'http:\/\/y'$/],
      [['none', '--renew'], /^cannot read .*none\.pem: there is no such file or folder$/],
      [['there', '--renew', '--client'], /^tunasynctl: --renew keeps the use/],
      [['foreign', '--renew'], /^.*foreign-key\.pem: it is not the key of .*foreign\.pem$/],
      [
        ['x', '--ca', at.path('nowhere')],
        /^cannot read .*nowhere\/ca\.pem: there is no such file or folder$/,
      ],
      [['x', '--ca', at.path('leaf')], /^.*leaf\/ca\.pem: not the certificate of an authority$/],
      [['x', '--ca', at.path('mixed')], /^.*mixed\/ca-key\.pem: it is not the key of .*mixed\/ca\.pem$/],
      [['x', '--ca', at.path('garbage')], /^.*garbage\/ca-key\.pem: expected a private key in PEM form/],
      [
        ['x', '--out', at.path('nowhere')],
        /^cannot write .*nowhere\/x-key\.pem: there is no such file or folder$/,
      ],
    ];
    for (const [args, line] of cases) {
      const given = (flag: string): boolean => args.includes(flag);
      const seen = await runCtl([
        ...['cert', 'issue', ...args],
        ...(given('--ca') ? [] : ['--ca', at.ca]),
        ...(given('--out') ? [] : ['--out', at.folder]),
      ]);
      expect([args, seen.exit, seen.stdout]).toEqual([args, 1, '']);
      expect(seen.stderr.trimEnd()).toMatch(line);
      expect(seen.stderr).not.toMatch(/hunter2|MIG/);
    }
    expect((await readdir(at.folder)).sort()).toEqual(before);
  });

  test('an expired authority signs nothing', async () => {
    await using at = await site();
    const [cert, key] = [join(at.ca, 'ca.pem'), join(at.ca, 'ca-key.pem')];
    const openssl = (...args: string[]): string =>
      execFileSync('openssl', args, { encoding: 'utf8', stdio: 'pipe' });
    await writeFile(at.path('csr'), openssl('req', '-new', '-key', key, '-subj', '/CN=old'));
    await writeFile(at.path('ext'), 'basicConstraints=critical,CA:TRUE\n');
    const request = ['x509', '-req', '-days', '-1', '-in', at.path('csr'), '-extfile', at.path('ext')];
    await writeFile(cert, openssl(...request, '-signkey', key));
    expect((await at.issue('y')).stderr).toMatch(/ca\.pem has expired on \d{4}-\d\d-\d\d\n$/);
  });
});

describe('cert show', () => {
  test('show prints the contents of a certificate, and whether its key is beside it', async () => {
    await using at = await site();
    await at.issue('manager.example.org', '--host', '192.0.2.1', '--days', '100');
    const file = at.path('manager.example.org.pem');
    const openssl = (...args: string[]): string =>
      execFileSync('openssl', ['x509', '-noout', '-in', file, ...args], { encoding: 'utf8' }).trim();
    const { exit, stdout } = await at.cert('show', file);
    expect(exit).toBe(0);
    const lines = stdout.split('\n');
    expect(lines.slice(0, 3)).toEqual([
      'subject:     CN=manager.example.org',
      'names:       DNS manager.example.org, IP 192.0.2.1',
      'use:         serverAuth, clientAuth',
    ]);
    expect(lines[3]).toMatch(/^valid: {7}\d{4}-.*Z to \d{4}-.*Z \(99 days left\)$/);
    expect(lines.slice(4)).toEqual([
      'issuer:      CN=tunasync CA',
      `serial:      ${openssl('-serial').replace('serial=', '')}`,
      `fingerprint: SHA-256 ${openssl('-fingerprint', '-sha256').replace(/^.*=/, '')}`,
      `key:         ECDSA prime256v1; ${at.path('manager.example.org-key.pem')} is its key`,
      '',
    ]);
  });

  test('show prints JSON, and every certificate of a chain', async () => {
    await using at = await site();
    await at.issue('host');
    const chain = at.path('chain.crt');
    const [own, ca] = [
      await readFile(at.path('host.pem'), 'utf8'),
      await readFile(join(at.ca, 'ca.pem'), 'utf8'),
    ];
    await writeFile(chain, own + ca);
    const { stdout } = await at.cert('show', chain, '--json', '--key', at.path('host-key.pem'));
    expect(JSON.parse(stdout)).toEqual([
      {
        subject: 'CN=host',
        names: ['DNS host'],
        usages: ['serverAuth', 'clientAuth'],
        authority: false,
        valid_from: expect.stringMatching(/Z$/),
        valid_to: expect.stringMatching(/Z$/),
        issuer: 'CN=tunasync CA',
        serial: expect.stringMatching(/^[0-9A-F]+$/),
        fingerprint: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
        key: 'ECDSA prime256v1',
        key_file: at.path('host-key.pem'),
        key_matches: true,
      },
      expect.objectContaining({ subject: 'CN=tunasync CA', authority: true, names: [], usages: [] }),
    ]);
    const text = (await at.cert('show', chain)).stdout;
    expect(text).toContain(
      'key:         ECDSA prime256v1\n\nsubject:     CN=tunasync CA\nnames:       none\nuse:         authority\n',
    );
  });

  test('show exits with 1 for another key and for an invalid certificate', async () => {
    await using at = await site();
    await at.issue('a');
    await at.issue('b');
    const mismatch = await at.cert('show', at.path('a.pem'), '--key', at.path('b-key.pem'));
    expect(mismatch).toEqual({
      exit: 1,
      stdout: expect.stringContaining(`; ${at.path('b-key.pem')} is not its key\n`),
      stderr: `${at.path('b-key.pem')}: it is not the key of ${at.path('a.pem')}\n`,
    });
    expect((await at.cert('show', at.path('a-key.pem'))).stderr).toBe(
      `${at.path('a-key.pem')}: expected a certificate in PEM form\n`,
    );
    expect((await at.cert('show', '/nowhere')).stderr).toBe(
      'cannot read /nowhere: there is no such file or folder\n',
    );
    const old = await (await testAuthority()).issue({ from: new Date(0), to: new Date('2020-01-01') });
    await writeFile(at.path('old'), old.cert);
    expect((await at.cert('show', at.path('old'))).stdout).toContain(
      ' to 2020-01-01T00:00:00.000Z (expired)\n',
    );
  });
});
