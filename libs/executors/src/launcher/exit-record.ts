import { appendFile, readFile, stat } from 'node:fs/promises';
import { constants } from 'node:os';
import type { ExitResult } from '../executor/interfaces.js';

/** Shells add this to the number of a signal. Source: POSIX shell, "Exit Status for Commands" (above 128). */
const signalBase = 128;

const signalNames = new Map<number, string>();
for (const [name, number] of Object.entries(constants.signals)) {
  // of two names for one number the usual one comes first (SIGABRT, SIGIOT)
  if (!signalNames.has(number)) signalNames.set(number, name);
}

/** The result for a shell's exit code that a signal is known, or must be assumed, to have caused. */
export function signalled(code: number): ExitResult {
  const signal = signalNames.get(code - signalBase);
  return signal === undefined ? { code, signal: null } : { code: null, signal };
}

/** Line that is added to the record of a command that went over its memory limit. */
const outOfMemoryLine = 'out of memory\n';

/**
 * Reads the launcher's record: the shell's message about a signal, if any, then `exit CODE`. The line of {@link
 * noteOutOfMemory} may follow, or replace both when the launcher was killed with its command.
 *
 * Shells are silent about SIGINT and SIGPIPE, so that these are reported as codes 130 and 141.
 *
 * @returns undefined when the last line is missing: the launcher died before it wrote it, or could not write
 */
export function parseExitRecord(text: string): ExitResult | undefined {
  if (text.endsWith(outOfMemoryLine)) {
    const rest = text.slice(0, -outOfMemoryLine.length);
    return { ...(parseExitRecord(rest) ?? { code: null, signal: 'SIGKILL' }), outOfMemory: true };
  }
  const match = /^exit (\d{1,3})\n$/m.exec(text);
  if (match === null || match.index + match[0].length !== text.length) return undefined;
  const code = Number(match[1]);
  const said = text
    .slice(0, match.index)
    .split('\n')
    // bash complains about unknown locales there
    .some((line) => line.trim() !== '' && !line.includes('setlocale'));
  return said && code > signalBase ? signalled(code) : { code, signal: null };
}

/** {@link parseExitRecord} of a file; undefined also when it cannot be read. */
export async function readExitRecord(file: string): Promise<ExitResult | undefined> {
  try {
    return parseExitRecord(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** When a record got its last line, milliseconds since the Unix epoch; undefined when it cannot be read. */
export async function exitRecordedAt(file: string): Promise<number | undefined> {
  try {
    return Math.floor((await stat(file)).mtimeMs);
  } catch {
    return undefined;
  }
}

/** Notes in a record that the command went over its memory limit. */
export async function noteOutOfMemory(file: string): Promise<void> {
  if ((await readExitRecord(file))?.outOfMemory !== true) await appendFile(file, outOfMemoryLine);
}
