import type { Place } from '../document/diagnostics.js';
import type { MirrorValues } from '../schema/mirror-schema.js';

/** A mirror without nested ones, with all that it inherits. */
export interface Leaf {
  readonly place: Place;
  readonly values: MirrorValues;
  /** Keys of plug-ins as written. */
  readonly others: Readonly<Record<string, unknown>>;
  /** The mirror, this or an outer one, that sets a key; of a table also each of its keys, as `env.LANG`. */
  readonly origins: ReadonlyMap<string, Place>;
  /** Keys whose values are wrong, as has been reported. */
  readonly invalid: ReadonlySet<string>;
}
