import { RE2JS } from 're2js';

/** Keys, of files and of loaded configurations, whose values are or hold secrets. */
export const secretKeys: readonly string[] = [
  'password',
  'env',
  'token',
  'api_token',
  'apiToken',
  'webhook_url',
  'fingerprint',
  'sectionFingerprints',
];

const masked = 'REDACTED';

/** A URL's user information replaced by `REDACTED`, in any text. */
export function maskUserInfo(text: string): string {
  return text.replace(/([a-z][a-z0-9+.-]*:\/\/)[^/?#\s]*@/gi, `$1${masked}@`);
}

const secretWord =
  '(?:password|passphrase|passwd|pass|pwd|secret|token|auth|credentials?|(?:api|access|secret|private)[-_]?key)';
/** A word of a script, or what is in its quotes. */
const scriptWord = `(?:'[^']*'|"[^"]*"|[^\\s&'"]+)`;
const assignment = new RegExp(`(${secretWord}=)${scriptWord}`, 'gi');
const option = new RegExp(`^--?[\\w-]*${secretWord}$`, 'i');
const optionInScript = new RegExp(`((?:^|\\s)--?[\\w-]*${secretWord}\\s+)(?!-)${scriptWord}`, 'gi');
/** A word that is nothing but an option or a variable with its value, which may hold anything. */
const wholeWord = new RegExp(`^(--?[\\w-]*${secretWord}=)[^]+$|^(\\w*${secretWord}=)\\S+$`, 'i');

/**
 * The words of a command line as they may be printed: users in URLs, and what `--password=`, `TOKEN=` and the like are
 * set to, are `REDACTED`, also in a script that is a word. The path of a `--password-file` is no secret.
 */
export function maskWords(words: readonly string[]): string[] {
  return words.map((word, index) => {
    if (option.test(words[index - 1] ?? '') && !word.startsWith('-')) return masked;
    const [, ofOption, ofVariable = ''] = wholeWord.exec(word) ?? [];
    const name = ofOption ?? ofVariable;
    if (name !== '') return `${name}${masked}`;
    return maskUserInfo(word).replace(assignment, `$1${masked}`).replace(optionInScript, `$1${masked}`);
  });
}

/**
 * A copy of a configuration (or any part of one) that may be printed: the values of {@link secretKeys} and users
 * in URLs are `REDACTED`, patterns are texts. Empty values stay empty.
 */
export function maskSecrets(value: unknown): unknown {
  if (typeof value === 'string') return maskUserInfo(value);
  if (value instanceof RE2JS) return value.pattern();
  if (Array.isArray(value)) return value.map(maskSecrets);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]: [string, unknown]) => [
      key,
      secretKeys.includes(key) ? maskAll(part) : maskSecrets(part),
    ]),
  );
}

/** Names of environment variables stay; what they are set to does not. */
function maskAll(value: unknown): unknown {
  if (typeof value !== 'object' || value === null)
    return value === '' || value === undefined ? value : masked;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]: [string, unknown]) => [key, maskAll(part)]),
  );
}
