import { nearest } from '@tunasync/config';
import { CtlError } from '../errors/errors.js';
import { printable } from '../text/printable.js';

export { nearest };

/** Creates `CTL_UNKNOWN_MIRROR`: the mirror does not exist. The message suggests a similar name. */
export function unknownMirror(name: string, known: readonly string[], worker?: string): CtlError {
  const where = worker === undefined ? '' : ` on ${worker}`;
  const near = nearest(name, known);
  const hint = near === undefined ? '' : `; did you mean \`${near}\`?`;
  return new CtlError('CTL_UNKNOWN_MIRROR', printable(`no mirror \`${name}\`${where}${hint}`));
}
