import { readText, type FileAccess } from './files.js';
import { LineIndex } from './line-index.js';

/**
 * The line of a key in a file, for what is found to be wrong only when the value is used: a database that cannot be
 * opened, a certificate that cannot be read.
 *
 * @param key - dotted, such as `files.db_file`
 * @returns 1-based; the table's when the key itself is not given, undefined when neither is or nothing can be read
 */
export async function lineOfKey(
  file: string,
  key: string,
  { readFile = readText }: Pick<FileAccess, 'readFile'> = {},
): Promise<number | undefined> {
  const text = await readFile(file).catch(() => '');
  return new LineIndex(text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')).lineOf(key.split('.'));
}
