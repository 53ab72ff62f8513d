import { formatDiagnostic, loadCtlConfig, type CtlConfig } from '@tunasync/config';
import { CtlError } from '../errors/errors.js';

/**
 * Reads configuration files; later files override earlier ones. @throws CtlError `CTL_CONFIG` that lists all
 * problems
 */
export async function loadConfig(
  files: readonly string[],
  onWarning: (line: string) => void,
): Promise<CtlConfig> {
  const loaded = await loadCtlConfig({ files });
  const of = (severity: string): string[] =>
    loaded.diagnostics.filter((problem) => problem.severity === severity).map(formatDiagnostic);
  for (const warning of of('warning')) onWarning(`warning: ${warning}`);
  if (!loaded.ok) throw new CtlError('CTL_CONFIG', of('error').join('; '));
  return loaded.value;
}
