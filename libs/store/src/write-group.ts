import type { KvOp } from './kv-engine.js';

/** Writes that go out as one batch, and the one promise that all of their writers wait for. */
export interface WriteGroup {
  readonly ops: KvOp[];
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
  return { ops: [], promise, resolve, reject };
}
