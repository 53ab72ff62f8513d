import type { Writable } from 'node:stream';
import { formatDiagnostic } from '@tunasync/config';
import { readCertificates } from '@tunasync/manager-core';
import type { ManagerFlags } from './flags.js';
import { loadConfig } from './load-config.js';

/** Where {@link checkManager} writes. */
export interface CheckOutput {
  stdout: Writable;
  writeError: (line: string) => void;
}

/**
 * Says what is wrong with a configuration, a problem a line on standard error, and starts nothing.
 *
 * @returns the exit code: 0 when nothing is wrong; what the daemon would only warn of counts, too
 */
export async function checkManager(flags: ManagerFlags, { stdout, writeError }: CheckOutput): Promise<0 | 1> {
  const loaded = await loadConfig(flags);
  const where = flags.config ?? 'command line';
  const problems = loaded.diagnostics.map(
    (diagnostic) => `${diagnostic.severity}: ${formatDiagnostic(diagnostic)}`,
  );
  if (loaded.ok) {
    const { server, files } = loaded.value;
    const certificates = await readCertificates({ tls: server.tls, caCertFile: files.caCertFile });
    problems.push(...certificates.problems.map((problem) => `error: ${where}: ${problem}`));
  }
  for (const problem of problems) writeError(problem);
  if (!loaded.ok || problems.length > 0) return 1;
  stdout.write(`${where}: ok\n`);
  return 0;
}
