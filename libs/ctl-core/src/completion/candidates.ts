import type { ManagerClient } from '@tunasync/client';
import { knownMirrors } from '../mirror/known-mirrors.js';
import { printable } from '../text/printable.js';
import type { Candidate, Wanted } from './candidate.js';

/** The line that stands for file names, which the shells complete on their own. */
export const filesLine = ':files';

/**
 * Returns the lines for the script of a shell: a word, and its description after a tab.
 *
 * @param manager - called only when names are needed
 * @throws the errors of the client
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

/** The kinds of words that only the manager knows. */
type Asked = Exclude<Wanted, { kind: 'words' | 'files' }>;

async function namesFor(wanted: Asked, manager: ManagerClient): Promise<Candidate[]> {
  const names = await namesOf(wanted, manager);
  // omit names with control characters, and names that look like the line for files
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
