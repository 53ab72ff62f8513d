import { formatDiagnostic, type Diagnostic } from '@tunasync/config';
import { TunasyncError } from '@tunasync/protocol';

/** Why a configuration did not load, in one line: the first error with its place, and how many more there are. */
export function reloadFailure(diagnostics: readonly Diagnostic[]): TunasyncError {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const first = errors[0];
  if (first === undefined) return new TunasyncError('CONFIG_INVALID', 'the configuration did not load');
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return new TunasyncError('CONFIG_INVALID', `${formatDiagnostic(first)}${more}`);
}
