import { splitCommandLine } from './command-line.js';
import { maskWords } from './mask.js';

const masked = 'REDACTED';

/** Keys of plug-ins whose names say that their values are secrets. */
export const secretName = /pass|secret|token|credential|auth|(?:api|access|private)[-_]?key/i;

const header = /\b([\w-]*(?:authorization|token|secret|password|cookie|api-?key)[\w-]*\s*:\s*)\S.*/gi;
const bearer = /\b(bearer\s+)\S+/gi;

/** A text that may be shown: users in URLs, what `TOKEN=` and the like are set to, and HTTP headers that let in are `REDACTED`. */
export function maskText(text: string): string {
  return (maskWords([text])[0] ?? '').replace(header, `$1${masked}`).replace(bearer, `$1${masked}`);
}

/** Words of a command, or options, that may be shown. */
export function maskOptions(words: readonly string[]): string[] {
  return maskWords(words).map((word, index) =>
    // curl and wget: `-u user:password`
    /^(?:-u|--user|--proxy-user)$/.test(words[index - 1] ?? '')
      ? word.replace(/:.*/, `:${masked}`)
      : maskText(word),
  );
}

/** Options of `docker run` that may be shown: what variables are set to is no one's business. */
export function maskDockerOptions(words: readonly string[]): string[] {
  return maskOptions(words).map((word, index) => {
    // also at the end of several short options, as in `-ite NAME=value`
    const isValue = /^(?:-[a-z]*e|--env)$/i.test(words[index - 1] ?? '');
    const [, before = '', assigned] = isValue
      ? ['', '', word]
      : (/^(-[a-z]*?e[=\s]*|--env[=\s]\s*)(\w+=[^]*)$/i.exec(word) ?? []);
    return assigned === undefined ? word : `${before}${assigned.replace(/=[^]*/, `=${masked}`)}`;
  });
}

/** A command line that may be shown; as it is written when there is nothing to hide. */
export function maskCommandLine(line: string): string {
  let words: string[];
  try {
    words = splitCommandLine(line);
  } catch {
    return maskText(line);
  }
  const shown = maskOptions(words);
  return shown.every((word, index) => word === words[index]) ? line : shown.map(quoted).join(' ');
}

/** A word as {@link splitCommandLine} reads it back. */
function quoted(word: string): string {
  return /^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
