import { dirname, resolve } from 'node:path';
import { placeOf, type Place, type Problems } from './diagnostics.js';
import { findTable, readDocument, type Document } from './document.js';
import { listFolder, readFoundText, reason, type FileAccess } from './files.js';
import { expandGlob, isPlainPath } from './glob.js';

/** What {@link readIncludes} takes. */
export interface IncludeOptions extends FileAccess {
  /** Where globs are tried that match nothing in the including file's folder. */
  readonly cwd: string;
  readonly problems: Problems;
}

/** The documents that `include.include_mirrors` (at `place`) names, each once, in order. */
export async function readIncludes(
  globs: readonly string[],
  place: Place,
  options: IncludeOptions,
): Promise<Document[]> {
  const paths = new Set<string>();
  for (const glob of globs) {
    if (glob === '') continue;
    for (const path of await matchesOf(glob, place, options)) paths.add(path);
  }
  const documents: Document[] = [];
  for (const path of paths) {
    const document = await readDocument(path, options.problems, {
      readFile: options.readFile ?? readFoundText,
    });
    if (document === undefined) continue;
    warnIgnored(document, options.problems);
    documents.push(document);
  }
  return documents;
}

async function matchesOf(
  glob: string,
  place: Place,
  { cwd, problems, listFolder: list = listFolder }: IncludeOptions,
): Promise<string[]> {
  for (const folder of [resolve(cwd, dirname(place.source.file)), cwd]) {
    try {
      const found = await expandGlob(glob, folder, list);
      if (found.length > 0) return found;
    } catch (error) {
      problems.error(place, `the folder of '${glob}' cannot be read: ${reason(error)}`);
      return [];
    }
  }
  // a glob may well match nothing yet; a plain path is meant to be there
  if (isPlainPath(glob)) problems.warning(place, `the file '${glob}' does not exist`);
  return [];
}

/** Only `[[mirrors]]` counts in an included file. */
function warnIgnored(document: Document, problems: Problems): void {
  const taken = findTable(document, 'mirrors').place.path[0];
  for (const key of Object.keys(document.table)) {
    if (key !== taken) {
      problems.warning(
        placeOf(document.root, key),
        'ignored: only [[mirrors]] are taken from an included file',
      );
    }
  }
}
