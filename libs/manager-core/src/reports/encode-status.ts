import { toWebMirrorStatus, type MirrorStatus } from '@tunasync/protocol';

/**
 * Remembers what an object was encoded to, for as long as the object is kept: a stored status is encoded once, however
 * often it is asked for.
 */
function encodeOnce(encode: (status: MirrorStatus) => unknown): (status: MirrorStatus) => string {
  const encoded = new WeakMap<MirrorStatus, string>();
  return (status) => {
    let json = encoded.get(status);
    if (json === undefined) encoded.set(status, (json = JSON.stringify(encode(status))));
    return json;
  };
}

/** Encoders of statuses, each with a memory of its own. */
export interface StatusEncoders {
  /** As `GET /workers/:id/jobs` and reports answer it. */
  status: (status: MirrorStatus) => string;
  /** The same of a job that is stale, whatever was reported. */
  stale: (status: MirrorStatus) => string;
  /** The same of a job that is not. */
  fresh: (status: MirrorStatus) => string;
  /** As `GET /jobs` answers it. */
  web: (status: MirrorStatus) => string;
}

/** Makes {@link StatusEncoders}. */
export function statusEncoders(): StatusEncoders {
  return {
    status: encodeOnce((status) => status),
    stale: encodeOnce((status) => ({ ...status, stale: true })),
    fresh: encodeOnce(({ stale: _, ...status }) => status),
    web: encodeOnce(toWebMirrorStatus),
  };
}
