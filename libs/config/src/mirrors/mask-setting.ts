import { maskWords } from '../secrets/mask.js';
import { splitCommandLine } from './command-line.js';

const masked = 'REDACTED';

/** Keys of plug-ins whose names say that their values are secrets. */
export const secretName = /pass|secret|token|credential|auth|webhook|(?:api|access|private)[-_]?key/i;

/** What is hidden in texts: each with what stays before it. */
const hidden: readonly RegExp[] = [
  // HTTP headers that let in
  /(\b[\w-]*(?:authorization|token|secret|password|cookie|api-?key)[\w-]*\s*:\s*)\S.*/gi,
  /(\bbearer\s+)\S+/gi,
  // curl and wget: `-u user:password`; lftp: `-u user,password`
  /((?:^|\s)(?:-u|--user|--proxy-user)[\s=]*["']?[^\s:,"']+[:,])(?:[^\s"']+)/gi,
  /(\bsshpass\s+-p\s*)(?:'[^']*'|"[^"]*"|\S+)/g,
  // addresses at which whoever knows them may post
  /(https?:\/\/[^\s"']*?hooks?\b[^\s"'/]*\/)[^\s"']+/gi,
  /(https?:\/\/api\.telegram\.org\/bot)[^\s"'/]+/gi,
  /([?&](?:key|sig|signature)=)[^\s&"']+/gi,
];

/**
 * A text that may be shown: users in URLs, what `TOKEN=` and the like are set to, HTTP headers that let in, and web hooks
 * are `REDACTED`.
 */
export function maskText(text: string): string {
  return hidden.reduce((shown, pattern) => shown.replace(pattern, `$1${masked}`), maskWords([text])[0] ?? '');
}

/** Words of a command, or options, that may be shown. */
export function maskOptions(words: readonly string[]): string[] {
  return maskWords(words).map((word, index) => {
    const [program = '', before = ''] = [words[index - 2], words[index - 1]];
    if (/^(?:-u|--user|--proxy-user)$/i.test(before)) return word.replace(/([:,])[^]*/, `$1${masked}`);
    if (before === '-p' && /(?:^|\/)sshpass$/.test(program)) return masked;
    if (/(?:^|\/)sshpass$/.test(before) && /^-p./.test(word)) return `-p${masked}`;
    return maskText(word);
  });
}

/** Options of `docker run` that may be shown: what variables are set to is no one's business. */
export function maskDockerOptions(words: readonly string[]): string[] {
  return maskOptions(words).map((word, index) => {
    // also at the end of several short options, as in `-ite NAME=value`
    const isValue = /^(?:-[a-z]*e|--env)$/i.test(words[index - 1] ?? '');
    const [, before = '', assigned] = isValue
      ? ['', '', word]
      : (/^(-[a-z]*?e[=\s]*|--env[=\s]\s*)([^=\s]+=[^]*)$/i.exec(word) ?? []);
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
