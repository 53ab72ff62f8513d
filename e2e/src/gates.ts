import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitFor } from '@tunasync/test-utils';

/** Commands that wait for the test: each notes its pid, and goes on when its gate is opened. */
export interface Gates {
  /**
   * Command line of a mirror: `<gated> NAME PROGRAM [ARGUMENT...]` runs the program once the gate is open. Without a
   * program it ends with the code that the gate was opened with.
   */
  gated(name: string): string;
  /** A program for an rsync mirror's `command`: rsync behind a gate. */
  rsync(name: string): Promise<string>;
  /** Lets the nth command of a name go on. */
  open(name: string, nth?: number, code?: number): Promise<void>;
  /** Pids of the commands of a name that have begun, oldest first. */
  begun(name: string): Promise<number[]>;
  /** Waits for the nth command of a name to begin, and returns its pid. */
  begins(name: string, nth?: number): Promise<number>;
}

const script = `#!/bin/sh
cd "$(dirname "$0")" || exit 99
name=$1
shift
echo $$ >> "$name.begun"
gate=$name.$(wc -l < "$name.begun" | tr -d ' ')
while ! [ -e "$gate" ]; do sleep 0.05; done
[ $# = 0 ] && exit "$(cat "$gate")"
exec "$@"
`;

/** Makes the files of gates in `folder`. */
export async function makeGates(folder: string): Promise<Gates> {
  const at = (name: string): string => join(folder, name);
  await mkdir(folder, { recursive: true });
  const executable = async (file: string, text: string): Promise<void> => {
    await writeFile(file, text);
    await chmod(file, 0o755);
  };
  await executable(at('gated'), script);
  const begun = async (name: string): Promise<number[]> => {
    const text = await readFile(at(`${name}.begun`), 'utf8').catch(() => '');
    return text.split('\n').filter(Boolean).map(Number);
  };
  return {
    gated: (name) => `${at('gated')} ${name}`,
    async rsync(name) {
      const file = at(`rsync-${name}`);
      await executable(file, `#!/bin/sh\nexec ${at('gated')} ${name} rsync "$@"\n`);
      return file;
    },
    async open(name, nth = 1, code = 0) {
      const gate = at(`${name}.${nth}`);
      // whoever sees it reads it at once
      await writeFile(`${gate}.new`, `${code}\n`);
      await rename(`${gate}.new`, gate);
    },
    begun,
    begins: (name, nth = 1) => waitFor(`command ${nth} of ${name}`, async () => (await begun(name))[nth - 1]),
  };
}
