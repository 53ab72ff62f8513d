import { systemClock, type Clock } from '@tunasync/protocol';
import { readUnit, textsOf, unitsOf, type Unit, type UnitContent } from './read-unit.js';
import type { TlsFiles, TlsTexts } from './tls-files.js';
import { validityProblem } from './validity-text.js';

/** What {@link readTlsFiles} found. */
export interface TlsFilesContent {
  /** Of files that cannot be used nothing is there. */
  texts: TlsTexts;
  /** What keeps files from being used, each line with key and file. */
  problems: string[];
  /** What peers will find wrong, though the files can be used: certificates that have expired or do not hold yet. */
  warnings: string[];
}

/** Reads certificates and keys, and looks whether they are some and belong together. Never rejects. */
export async function readTlsFiles(
  files: TlsFiles,
  clock: Pick<Clock, 'now'> = systemClock,
): Promise<TlsFilesContent> {
  const contents: [Unit, UnitContent][] = [];
  const problems: string[] = [];
  const warnings: string[] = [];
  for (const unit of unitsOf(files)) {
    const read = await readUnit(unit);
    if ('problems' in read) {
      problems.push(...read.problems);
      continue;
    }
    contents.push([unit, read]);
    const warning = validityProblem(unit, read.validity, clock.now());
    if (warning !== undefined) warnings.push(warning);
  }
  return { texts: textsOf(contents), problems, warnings };
}
