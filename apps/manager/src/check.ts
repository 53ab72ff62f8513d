import type { Writable } from 'node:stream';
import { readTlsFiles } from '@tunasync/certificates';
import { formatDiagnostic } from '@tunasync/config';
import { managerTlsFiles } from '@tunasync/manager-core';
import type { ManagerFlags } from './flags.js';
import { loadConfig } from './load-config.js';

/** The output of {@link checkManager}. */
export interface CheckOutput {
  stdout: Writable;
  writeError: (line: string) => void;
}

/**
 * Checks a configuration without starting anything, and prints one problem per line on standard error.
 *
 * @returns the exit code: 0 without problems; warnings count as problems
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
