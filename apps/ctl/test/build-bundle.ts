import { execFile } from 'node:child_process';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tempDir, type TempDir } from '@tunasync/test-utils';

/** The folder of this package. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** The output and exit code of a program. */
export interface Seen {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end with little more than HOME in its environment. */
export function runProgram(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Seen> {
  return new Promise((resolve) => {
    execFile(program, args, { env, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

/** Builds tunasynctl as it is published, into a folder of its own. `bin/tunasynctl.js` starts it. */
export async function buildBundle(): Promise<TempDir> {
  const folder = await tempDir();
  await cp(join(root, 'package.json'), join(folder.path, 'package.json'));
  await cp(join(root, 'bin'), join(folder.path, 'bin'), { recursive: true });
  await mkdir(join(folder.path, 'dist'));
  const script = join(root, 'scripts/bundle.js');
  const built = await runProgram(process.execPath, [script, join(folder.path, 'dist')], {
    HOME: folder.path,
  });
  if (built.code !== 0 || built.stdout + built.stderr !== '') {
    throw new TypeError(`the bundle was not built cleanly: ${built.stdout}${built.stderr}`);
  }
  return folder;
}
