import type { CtlContext } from '../../context/context.js';
import { findFile } from './find-file.js';
import { readMirrorFolder, type MirrorFile } from './mirror-folder.js';

/** Flags of `mirrors list`. */
export interface ListFlags {
  dir: string;
}

/** Prints all or the named mirror files, as a table or as JSON. */
export async function listMirrors(
  names: readonly string[],
  { dir }: ListFlags,
  context: CtlContext,
): Promise<void> {
  const folder = await readMirrorFolder(dir);
  const named = new Set(names.map((name) => findFile(folder, name)));
  const files = names.length === 0 ? folder.files : folder.files.filter((file) => named.has(file));
  if (context.json()) context.printJson(files.map(jsonOf));
  else for (const line of tableOf(files)) context.print(line);
}

function jsonOf({ name, path, enabledAs, mirrors, problem }: MirrorFile): unknown {
  return { file: name, enabled: enabledAs.length > 0, mirrors, path, problem };
}

function tableOf(files: readonly MirrorFile[]): string[] {
  const rows = [
    ['FILE', 'ENABLED', 'MIRRORS'],
    ...files.map(({ name, enabledAs, mirrors, problem }) => [
      name,
      enabledAs.length > 0 ? 'yes' : 'no',
      problem ?? (mirrors.length === 0 ? '-' : mirrors.join(', ')),
    ]),
  ];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
