import { ctlTable } from './ctl-schema.js';
import { Problems } from './diagnostics.js';
import { emptyDocument, readDocument, resultOf, type Document } from './document.js';
import { isMissing, readText, type FileAccess } from './files.js';
import { readTable } from './table.js';
import type { CtlConfig, LoadResult } from './types.js';

/** Values that win over the files, as flags do. */
export interface CtlOverrides {
  managerAddr?: string | undefined;
  managerPort?: number | undefined;
  caCertFile?: string | undefined;
}

/** What {@link loadCtlConfig} takes. */
export interface LoadCtlOptions extends FileAccess {
  /** Files that need not be there, read before {@link files}. */
  optionalFiles?: readonly string[] | undefined;
  /** Files that must be there; a later one wins key by key. */
  files?: readonly string[] | undefined;
  overrides?: CtlOverrides | undefined;
}

/** Loads tunasynctl's files. Keeps nothing between calls. Never rejects because of what a file says. */
export async function loadCtlConfig(options: LoadCtlOptions = {}): Promise<LoadResult<CtlConfig>> {
  const problems = new Problems();
  const documents: (Document | undefined)[] = [];
  for (const file of options.optionalFiles ?? []) {
    if (await exists(file, options)) documents.push(await readDocument(file, problems, options));
  }
  for (const file of options.files ?? []) documents.push(await readDocument(file, problems, options));
  const { managerAddr, managerPort, caCertFile } = options.overrides ?? {};
  const flags = { manager_addr: managerAddr, manager_port: managerPort, ca_cert: caCertFile };
  documents.push({
    ...emptyDocument('command line'),
    table: Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined)),
  });
  const values = documents
    .filter((document) => document !== undefined)
    .map(({ table, root }) => readTable(table, root, ctlTable, { problems }).values)
    .reduce((earlier, later) => ({ ...earlier, ...later }), {});
  return resultOf(
    {
      managerAddr: values.manager_addr || 'localhost',
      managerPort: values.manager_port ?? 14242,
      caCertFile: values.ca_cert ?? '',
    },
    problems,
  );
}

async function exists(file: string, access: FileAccess): Promise<boolean> {
  try {
    await (access.readFile ?? readText)(file);
    return true;
  } catch (error) {
    return !isMissing(error);
  }
}
