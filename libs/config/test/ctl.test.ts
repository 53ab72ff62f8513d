import { describe, expect, test } from '@jest/globals';
import { loadCtlConfig } from '../src/ctl.js';
import { inMemory, lines, valueOf } from './support.js';

const files = inMemory({
  '/etc/ctl.conf': 'manager_addr = "etc"\nmanager_port = 1\nca_cert = "/etc.pem"\n',
  '/home/ctl.conf': 'Manager_Port = 2\n',
  '/given.conf': 'manager_addr = "given"\n',
  '/bad.conf': 'manager_port = 0\nmanager_adr = "x"\napi_token = "t"\n',
});

describe('loadCtlConfig', () => {
  test('without files the defaults hold', async () => {
    expect(await loadCtlConfig()).toEqual({
      ok: true,
      value: { managerAddr: 'localhost', managerPort: 14242, caCertFile: '', clientCert: undefined },
      diagnostics: [],
    });
  });

  test('later files win key by key, flags over all', async () => {
    const optionalFiles = ['/etc/ctl.conf', '/none.conf', '/home/ctl.conf'];
    expect(valueOf(await loadCtlConfig({ optionalFiles, ...files }))).toEqual({
      managerAddr: 'etc',
      managerPort: 2,
      caCertFile: '/etc.pem',
      clientCert: undefined,
    });
    expect(valueOf(await loadCtlConfig({ optionalFiles, files: ['/given.conf'], ...files }))).toEqual({
      managerAddr: 'given',
      managerPort: 2,
      caCertFile: '/etc.pem',
      clientCert: undefined,
    });
    const overrides = { managerAddr: 'flag', managerPort: 3, caCertFile: '' };
    expect(valueOf(await loadCtlConfig({ optionalFiles, overrides, ...files }))).toEqual({
      ...overrides,
      clientCert: undefined,
    });
  });

  test('the client certificate and its key may come from different files, but only both', async () => {
    const split = inMemory({
      '/a.conf': 'client_cert = "/c.pem"\n',
      '/b.conf': 'ca_cert = "/ca.pem"\nclient_key = "/k.pem"\n',
      '/c.conf': 'client_key = ""\n',
    });
    expect(valueOf(await loadCtlConfig({ files: ['/a.conf', '/b.conf'], ...split })).clientCert).toEqual({
      certFile: '/c.pem',
      keyFile: '/k.pem',
    });
    const half = await loadCtlConfig({ files: ['/a.conf', '/c.conf'], ...split });
    expect(lines(half.diagnostics)).toEqual([
      'error: /a.conf: client_key: expected a file, as client_cert is given',
    ]);
    const other = await loadCtlConfig({ files: ['/b.conf'], ...split });
    expect(lines(other.diagnostics)).toEqual([
      'error: /b.conf: client_cert: expected a file, as client_key is given',
    ]);
  });

  test('a file that must be there and is not', async () => {
    const result = await loadCtlConfig({ files: ['/none.conf'], ...files });
    expect(result.ok).toBe(false);
    expect(lines(result.diagnostics)).toEqual(['error: /none.conf: the file does not exist']);
  });

  test('an optional file that is there and cannot be read', async () => {
    const result = await loadCtlConfig({
      optionalFiles: ['/etc/ctl.conf'],
      readFile: () => Promise.reject(Object.assign(new Error('denied'), { code: 'EACCES' })),
    });
    expect(lines(result.diagnostics)).toEqual([
      'error: /etc/ctl.conf: the file cannot be read: no permission',
    ]);
  });

  test('problems of all sources at once', async () => {
    const result = await loadCtlConfig({ files: ['/bad.conf'], overrides: { managerPort: 70000 }, ...files });
    expect(lines(result.diagnostics)).toEqual([
      'error: command line: manager_port: expected a whole number from 1 to 65535, found 70000',
      'error: /bad.conf:1: manager_port: expected a whole number from 1 to 65535, found 0',
      "warning: /bad.conf:2: manager_adr: unknown key, ignored; did you mean 'manager_addr'?",
      'warning: /bad.conf:3: api_token: is not supported by this version and has no effect',
    ]);
  });
});
