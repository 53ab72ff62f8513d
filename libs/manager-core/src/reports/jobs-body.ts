import { randomBytes } from 'node:crypto';
import { EncodedBody } from '@tunasync/http';
import type { StatusCache } from '../store/status-cache.js';
import type { StatusEncoders } from './encode-status.js';

/** The body of `GET /jobs`, put together when it is asked for after a status changed. */
export class JobsBody {
  readonly #cache: StatusCache;
  readonly #encode: StatusEncoders['web'];
  /** Versions count from zero in every process: the tag must not be that of another one's. */
  readonly #epoch = randomBytes(6).toString('base64url');
  #version = 0;
  #encoded: EncodedBody | undefined;

  constructor(cache: StatusCache, encode: StatusEncoders['web']) {
    this.#cache = cache;
    this.#encode = encode;
  }

  /** A status changed or went. */
  invalidate(): void {
    this.#version++;
    this.#encoded = undefined;
  }

  get(): EncodedBody {
    return (this.#encoded ??= this.#build());
  }

  #build(): EncodedBody {
    const fragments: string[] = [];
    for (const status of this.#cache.statuses()) fragments.push(this.#encode(status));
    return new EncodedBody(`[${fragments.join(',')}]`, `${this.#epoch}-${this.#version}`);
  }
}
