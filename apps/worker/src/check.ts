import type { Writable } from 'node:stream';
import { readTlsFiles } from '@tunasync/certificates';
import { formatDiagnostic, loadWorkerConfig } from '@tunasync/config';
import { effectiveMirrors } from './effective-mirror.js';
import { mirrorsJson } from './mirrors-json.js';
import { mirrorListText, mirrorsText } from './mirrors-text.js';
import { workerTlsFiles } from './tls-files.js';

/** The output of {@link checkWorker}. */
export interface CheckOutput {
  stdout: Writable;
  writeError: (line: string) => void;
  /** Prints the mirrors as JSON. @defaultValue false: as text */
  json?: boolean | undefined;
}

/**
 * Checks a configuration without starting anything. Prints one problem per line on standard error, and the mirrors
 * of a configuration that loads on standard output.
 *
 * @returns the exit code: 0 without problems; warnings count as problems
 */
export async function checkWorker(
  file: string,
  { stdout, writeError, json = false }: CheckOutput,
): Promise<0 | 1> {
  const loaded = await loadWorkerConfig({ file });
  const problems = loaded.diagnostics.map(
    (diagnostic) => `${diagnostic.severity}: ${formatDiagnostic(diagnostic)}`,
  );
  if (loaded.ok) {
    const certificates = await readTlsFiles(workerTlsFiles(loaded.value));
    problems.push(...certificates.problems.map((problem) => `error: ${file}: ${problem}`));
    problems.push(...certificates.warnings.map((warning) => `warning: ${file}: ${warning}`));
  }
  for (const problem of problems) writeError(problem);
  if (!loaded.ok) return 1;
  const mirrors = effectiveMirrors(loaded.value.mirrors);
  if (json) {
    stdout.write(`${mirrorsJson(mirrors)}\n`);
  } else {
    if (mirrors.length > 0) stdout.write(`${mirrorListText(mirrors)}\n`);
    stdout.write(`${file}: ${problems.length === 0 ? 'ok, ' : ''}${mirrorsText(mirrors.length)}\n`);
  }
  return problems.length === 0 ? 0 : 1;
}
