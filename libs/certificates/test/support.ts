import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { memoryLogger } from '@tunasync/logger';
import { systemClock, type Clock } from '@tunasync/protocol';
import { tempDir, testAuthority, type TestCertificate } from '@tunasync/test-utils';
import {
  namedFile,
  pairFiles,
  watchCertificates,
  type CertificateWatch,
  type ScheduleChore,
  type TlsFiles,
} from '../src/index.js';

/** Days in milliseconds. */
export const days = (count: number): number => count * 24 * 3600 * 1000;

/** A folder with a server's pair and a CA, and what a watch of them says. */
export async function site() {
  const folder = await tempDir();
  const ca = await testAuthority();
  const path = (name: string): string => join(folder.path, name);
  const put = (name: string, text: string): Promise<void> => writeFile(path(name), text);
  const putPair = async ({ cert, key }: TestCertificate): Promise<void> => {
    await put('cert.pem', cert);
    await put('key.pem', key);
  };
  const first = await ca.issue({ name: 'first' });
  await putPair(first);
  await put('ca.pem', ca.cert);
  const files: TlsFiles = {
    server: pairFiles('server', 'ssl', { certFile: path('cert.pem'), keyFile: path('key.pem') }),
    clientCa: namedFile('server.client_ca', path('ca.pem')),
  };
  return {
    folder: folder.path,
    path,
    put,
    putPair,
    ca,
    first,
    files,
    [Symbol.asyncDispose]: () => folder.remove(),
  };
}

/** A watch whose chores a test starts, and whose time it sets. */
export async function watch(files: TlsFiles, now: () => number = Date.now) {
  const logger = memoryLogger();
  const chores = new Map<string, () => void>();
  const scheduleChore: ScheduleChore = (rule, run) => {
    chores.set(rule, run);
    return { cancel: () => chores.delete(rule) };
  };
  const clock: Clock = { ...systemClock, now };
  const watching: CertificateWatch = await watchCertificates({
    files,
    logger,
    clock,
    scheduleChore,
    settleMs: 20,
  });
  const said = (): string[] => logger.lines.map(({ level, message }) => `${level}: ${message}`);
  return { watching, chores, said };
}
