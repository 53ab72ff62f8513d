import type { Writable } from 'node:stream';
import { formatDiagnostic, loadWorkerConfig } from '@tunasync/config';
import { messageOf } from '@tunasync/protocol';
import { mirrorsText } from './mirrors-text.js';
import { readTlsFiles } from './tls-files.js';

/** Where {@link checkWorker} writes. */
export interface CheckOutput {
  stdout: Writable;
  writeError: (line: string) => void;
}

/**
 * Says what is wrong with a configuration, a problem a line on standard error, and starts nothing.
 *
 * @returns the exit code: 0 when nothing is wrong; what the daemon would only warn of counts, too
 */
export async function checkWorker(file: string, { stdout, writeError }: CheckOutput): Promise<0 | 1> {
  const loaded = await loadWorkerConfig({ file });
  const problems = loaded.diagnostics.map(
    (diagnostic) => `${diagnostic.severity}: ${formatDiagnostic(diagnostic)}`,
  );
  if (loaded.ok) {
    try {
      await readTlsFiles(loaded.value);
    } catch (error) {
      problems.push(`error: ${file}: ${messageOf(error)}`);
    }
  }
  for (const problem of problems) writeError(problem);
  if (!loaded.ok || problems.length > 0) return 1;
  stdout.write(`${file}: ok, ${mirrorsText(loaded.value.mirrors.length)}\n`);
  return 0;
}
