import type { MirrorConfig, WorkerConfig } from '@tunasync/config';

/** How another configuration differs from the one in force, by mirror name, compared as written in the files. */
export interface ConfigChanges {
  readonly added: readonly MirrorConfig[];
  readonly changed: readonly MirrorConfig[];
  readonly removed: readonly string[];
  readonly unchanged: number;
  /** Sections other than the mirrors that differ; they are not taken. */
  readonly sections: readonly string[];
}

/** Compares the mirrors in force with those of `next`, and the sections with those of `started`. */
export function configChanges(
  inForce: Iterable<MirrorConfig>,
  started: WorkerConfig,
  next: WorkerConfig,
): ConfigChanges {
  const old = new Map([...inForce].map((mirror) => [mirror.name, mirror]));
  const added: MirrorConfig[] = [];
  const changed: MirrorConfig[] = [];
  let unchanged = 0;
  for (const mirror of next.mirrors) {
    const before = old.get(mirror.name);
    old.delete(mirror.name);
    if (before === undefined) added.push(mirror);
    else if (before.fingerprint === mirror.fingerprint) unchanged++;
    else changed.push(mirror);
  }
  const names = new Set([
    ...Object.keys(started.sectionFingerprints),
    ...Object.keys(next.sectionFingerprints),
  ]);
  const sections = [...names].filter(
    (name) => started.sectionFingerprints[name] !== next.sectionFingerprints[name],
  );
  return { added, changed, removed: [...old.keys()], unchanged, sections };
}
