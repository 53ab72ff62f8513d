import type { RunRecord } from '@tunasync/protocol';
import {
  mirrorPart,
  newestFirst,
  parseMirrorPart,
  runKeyOf,
  runPart,
  workerPrefix,
} from '../layout/run-layout.js';
import type { MirrorKey, RunKey, StoreChange } from '../store/interfaces.js';

interface KeyedRun {
  key: RunKey;
  run: RunRecord;
}

/** Finished runs in memory. */
export class RunTable {
  readonly #mirrors = new Map<string, Map<string, KeyedRun>>();

  apply(change: StoreChange): void {
    switch (change.type) {
      case 'put-run': {
        const key = runKeyOf(change.run);
        const part = mirrorPart(key);
        let runs = this.#mirrors.get(part);
        if (runs === undefined) this.#mirrors.set(part, (runs = new Map<string, KeyedRun>()));
        runs.set(runPart(key), { key, run: change.run });
        break;
      }
      case 'delete-run':
        this.#mirrors.get(mirrorPart(change.key))?.delete(runPart(change.key));
        break;
      case 'delete-worker':
        for (const part of this.#mirrors.keys()) {
          if (part.startsWith(workerPrefix(change.id))) this.#mirrors.delete(part);
        }
        break;
      default:
    }
  }

  /** Newest first. */
  list(mirror: MirrorKey): KeyedRun[] {
    const runs = this.#mirrors.get(mirrorPart(mirror))?.values() ?? [];
    return [...runs].sort((one, other) => newestFirst(one.key, other.key));
  }

  mirrors(): MirrorKey[] {
    return [...this.#mirrors].flatMap(([part, runs]) => (runs.size > 0 ? (parseMirrorPart(part) ?? []) : []));
  }
}
