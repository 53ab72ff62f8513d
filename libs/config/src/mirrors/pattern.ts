import { messageOf, TunasyncError } from '@tunasync/protocol';
import { RE2JS } from 're2js';

/**
 * Compiles a pattern in RE2 syntax, as Go's `regexp` reads it: `(?m)` and friends work, look-around and
 * back-references are refused, and matching takes linear time.
 *
 * @throws `TunasyncError` `PATTERN_INVALID` that says what is wrong with it
 */
export function compilePattern(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    throw new TunasyncError('PATTERN_INVALID', `not a pattern in RE2 syntax: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
