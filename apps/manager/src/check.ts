import type { Writable } from 'node:stream';
import { readTlsFiles } from '@tunasync/certificates';
import { formatDiagnostic } from '@tunasync/config';
import { managerTlsFiles } from '@tunasync/manager-core';
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
    const certificates = await readTlsFiles(managerTlsFiles(loaded.value));
    problems.push(...certificates.problems.map((problem) => `error: ${where}: ${problem}`));
    problems.push(...certificates.warnings.map((warning) => `warning: ${where}: ${warning}`));
  }
  for (const problem of problems) writeError(problem);
  if (!loaded.ok || problems.length > 0) return 1;
  stdout.write(`${where}: ok\n`);
  return 0;
}
