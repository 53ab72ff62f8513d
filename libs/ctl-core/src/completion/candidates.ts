import type { ManagerClient } from '@tunasync/client';
import { knownMirrors } from '../mirror/known-mirrors.js';
import { printable } from '../text/printable.js';
import type { Candidate, Wanted } from './candidate.js';

/** A line that stands for the names of files, which every shell completes by itself. */
export const filesLine = ':files';

/**
 * Lines for the script of a shell: a word, and after a tab what it means.
 *
 * @param manager - is asked for names only
 * @throws what the client rejects with
 */
export async function candidateLines(
  wanted: Wanted,
  current: string,
  manager: () => Promise<ManagerClient>,
): Promise<string[]> {
  if (wanted.kind === 'files') return [filesLine];
  const candidates = wanted.kind === 'words' ? wanted.words : await namesFor(wanted, await manager());
  return candidates
    .filter(({ word }) => word.startsWith(current))
    .map(({ word, description }) => (description === '' ? word : `${word}\t${printable(description)}`));
}

/** What only the manager knows. */
type Asked = Exclude<Wanted, { kind: 'words' | 'files' }>;

async function namesFor(wanted: Asked, manager: ManagerClient): Promise<Candidate[]> {
  const names = await namesOf(wanted, manager);
  // a name that a terminal would obey, or that would be taken for the line of files, is not offered
  const safe = names.filter((name) => name !== '' && printable(name) === name && !name.startsWith(':'));
  return [...new Set(safe)].sort().map((word) => ({ word, description: '' }));
}

async function namesOf(wanted: Asked, manager: ManagerClient): Promise<string[]> {
  switch (wanted.kind) {
    case 'workers':
      return (await manager.listWorkers()).map(({ id }) => id);
    case 'mirrors':
      return (await knownMirrors(manager, wanted.worker ?? '')).map(({ name }) => name);
    case 'logs':
      return (await manager.listLogs(wanted.mirror, { worker: wanted.worker })).map(({ name }) => name);
  }
}
