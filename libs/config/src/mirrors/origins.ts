import { placeOf, type Place } from '../document/diagnostics.js';
import { findTable, type Document } from '../document/document.js';
import type { KeyOrigin, MirrorKeyOrigin } from '../settings/types.js';
import type { Leaf } from './leaf.js';

/** Where each key of a mirror stands: kept instead of the documents, which are much larger. */
export function mirrorOrigins({ origins, place }: Leaf): MirrorKeyOrigin[] {
  return Array.from(origins, ([key, origin]) => ({
    key,
    source: origin === place ? ('mirror' as const) : ('parent' as const),
    ...originOf(placeOf(origin, ...key.split('.'))),
  }));
}

/** Where each key of the tables stands that what is in force comes from, by table and key. */
export function sectionOrigins(
  sections: Readonly<Record<string, object>>,
  document: Document,
): Map<string, KeyOrigin> {
  return new Map(
    Object.entries(sections).flatMap(([name, values]) => {
      const { place } = findTable(document, name);
      return Object.keys(values).map((key) => [`${name}.${key}`, originOf(placeOf(place, key))] as const);
    }),
  );
}

function originOf({ source: { file, lines }, path }: Place): KeyOrigin {
  return { file, line: lines?.lineOf(path) };
}
