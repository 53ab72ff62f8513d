import { formatDiagnostic, type Diagnostic } from '@tunasync/config';
import { TunasyncError } from '@tunasync/protocol';
import type { ReloadReport } from '../interfaces/events.js';
import type { ConfigChanges } from './config-changes.js';

/** What became of the mirrors. */
export function reloadReport({ added, changed, removed, unchanged, sections }: ConfigChanges): ReloadReport {
  return {
    added: added.map(({ name }) => name),
    changed: changed.map(({ name }) => name),
    removed,
    unchanged,
    ignoredSections: sections,
  };
}

/** A reload in one line. */
export function describeReload({ added, changed, removed, unchanged }: ReloadReport): string {
  return `configuration loaded anew: ${added.length} mirrors added, ${changed.length} changed, ${removed.length} removed, ${unchanged} as before`;
}

/** Why a configuration did not load, in one line: the first error with its place, and how many more there are. */
export function reloadFailure(diagnostics: readonly Diagnostic[]): TunasyncError {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const first = errors[0];
  if (first === undefined) return new TunasyncError('CONFIG_INVALID', 'the configuration did not load');
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return new TunasyncError('CONFIG_INVALID', `${formatDiagnostic(first)}${more}`);
}
