import { basename, dirname, join } from 'node:path';

const suffix = '.cut';

/** Name of the temporary file for a shortened log: beside the log, and hidden from people who list logs. */
export function trimmedName(file: string): string {
  return join(dirname(file), `.${basename(file)}${suffix}`);
}

/** The log whose shortened form has this name; undefined for other names. */
export function trimmedOf(name: string): string | undefined {
  return name.startsWith('.') && name.endsWith(suffix) ? name.slice(1, -suffix.length) : undefined;
}
