import type { z } from 'zod';
import { placeOf, type Place, type Problems } from '../document/diagnostics.js';
import type { workerTables } from '../schema/worker-schema.js';
import type { Leaf } from './leaf.js';
import type { ProviderSchema } from './providers.js';

/** The `[global]` table as written. */
export type GlobalValues = z.output<(typeof workerTables)['global']['schema']>;

/** What a mirror is built from besides what it says itself. */
export interface MirrorContext {
  readonly global: GlobalValues;
  /** Where `[global]` stands. */
  readonly globalPlace: Place;
  readonly providers: ReadonlyMap<string, ProviderSchema>;
  readonly problems: Problems;
  /** The longest time between two starts in minutes by cron expression, as far as it was asked for. */
  readonly distances: Map<string, number>;
}

/** Where a key was set, or would be. */
export function placeOfKey({ origins, place }: Leaf, key: string): Place {
  return placeOf(origins.get(key) ?? place, key);
}
