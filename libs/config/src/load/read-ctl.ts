import { Problems } from '../document/diagnostics.js';
import { clientCertOf, emptyDocument, readDocument, resultOf, type Document } from '../document/document.js';
import type { FileAccess } from '../document/files.js';
import { readTable } from '../document/table.js';
import { ctlTable } from '../schema/ctl-schema.js';
import type { CtlConfig, LoadResult } from '../settings/types.js';
import { ctlDefaults, type CtlOverrides } from './ctl-defaults.js';

/** Reads and checks tunasynctl's files and flags; the part of loading that needs the TOML parser and zod. */
export async function readCtlFiles(
  files: readonly string[],
  { managerAddr, managerPort, caCertFile }: CtlOverrides,
  access: FileAccess,
): Promise<LoadResult<CtlConfig>> {
  const problems = new Problems();
  const documents: (Document | undefined)[] = [];
  for (const file of files) documents.push(await readDocument(file, problems, access));
  const flags = { manager_addr: managerAddr, manager_port: managerPort, ca_cert: caCertFile };
  documents.push({
    ...emptyDocument('command line'),
    table: Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined)),
  });
  const read = documents
    .filter((document) => document !== undefined)
    .map(({ table, root }) => ({ root, ...readTable(table, root, ctlTable, { problems }) }));
  const values = read.map((one) => one.values).reduce((earlier, later) => ({ ...earlier, ...later }), {});
  const ofCertificate = read.findLast((one) => one.values.client_cert ?? one.values.client_key);
  return resultOf(
    {
      managerAddr: values.manager_addr || ctlDefaults.managerAddr,
      managerPort: values.manager_port ?? ctlDefaults.managerPort,
      caCertFile: values.ca_cert ?? ctlDefaults.caCertFile,
      clientCert: ofCertificate && clientCertOf(values, ofCertificate.root, problems),
    },
    problems,
  );
}
