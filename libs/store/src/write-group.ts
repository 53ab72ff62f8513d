import type { KvOp } from './kv-engine.js';

/** Writes that go out as one batch, and the one promise that all of their writers wait for. */
export interface WriteGroup {
  /** The last operation on each key: what earlier ones of the same batch did would never be seen. */
  readonly ops: Map<string, KvOp>;
  readonly promise: Promise<void>;
  resolve(): void;
  reject(reason: Error): void;
}

/** An empty {@link WriteGroup}. */
export function writeGroup(): WriteGroup {
  let resolve: () => void = () => undefined;
  let reject: (reason: Error) => void = () => undefined;
  const promise = new Promise<void>((done, failed) => {
    resolve = done;
    reject = failed;
  });
  return { ops: new Map(), promise, resolve, reject };
}
