import type { ReloadReport } from '../events.js';
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
