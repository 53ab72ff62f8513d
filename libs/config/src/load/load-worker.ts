import { nameProblem } from '@tunasync/protocol';
import { z } from 'zod';
import { canonicalText } from '../document/canonical.js';
import { placeOf, Problems, type Place } from '../document/diagnostics.js';
import {
  clientCaOf,
  clientCertOf,
  findTable,
  readDocument,
  readSection,
  resultOf,
  tlsOf,
  type Document,
} from '../document/document.js';
import type { FileAccess } from '../document/files.js';
import { firstSet } from '../document/first-set.js';
import { readIncludes } from '../document/includes.js';
import { readTable } from '../document/table.js';
import { parseToml } from '../document/toml.js';
import { buildMirror, defaultInterval } from '../mirrors/build-mirror.js';
import { readMirrors } from '../mirrors/inherit.js';
import type { Leaf } from '../mirrors/leaf.js';
import type { GlobalValues } from '../mirrors/mirror-context.js';
import { mirrorOrigins, sectionOrigins } from '../mirrors/origins.js';
import { providerMap, type ProviderSchema } from '../mirrors/providers.js';
import { workerTables } from '../schema/worker-schema.js';
import type { LoadResult, MirrorConfig, WorkerConfig } from '../settings/types.js';

/** What {@link loadWorkerConfig} takes. */
export interface LoadWorkerOptions extends FileAccess {
  /** Path of the file. */
  file: string;
  /** Providers besides the built-in ones. */
  providers?: readonly ProviderSchema[] | undefined;
  /** Folder that relative globs are tried in second. @defaultValue the working directory of the process */
  cwd?: string | undefined;
  /**
   * The configuration in force, for a reload: only the mirrors are taken from the file, all other tables stay as they
   * were; a warning names each that has changed.
   */
  previous?: WorkerConfig | undefined;
}

/** Concurrent syncs where the file says nothing. */
const defaultConcurrent = 4;
/** Reports kept for an absent manager where the file says nothing. */
const defaultOutboxMax = 10_000;

type SectionName = Exclude<keyof typeof workerTables, 'include'>;
type Sections = { [Name in SectionName]: z.output<(typeof workerTables)[Name]['schema']> };

/**
 * Loads a worker's file with all that it includes. Keeps nothing between calls. Never rejects because of what a file
 * says: all its problems are in the result.
 */
export async function loadWorkerConfig(options: LoadWorkerOptions): Promise<LoadResult<WorkerConfig>> {
  const problems = new Problems();
  const document = await readDocument(options.file, problems, options);
  return document === undefined
    ? { ok: false, diagnostics: problems.list }
    : loadDocument(document, problems, options);
}

/** Like {@link loadWorkerConfig}, with the text of the file at hand. `options.file` is its name in messages and where globs start. */
export async function parseWorkerConfig(
  text: string,
  options: Partial<LoadWorkerOptions> = {},
): Promise<LoadResult<WorkerConfig>> {
  const problems = new Problems();
  const { file = 'worker.conf' } = options;
  problems.reading(file);
  const document = parseToml(file, text, problems);
  return document === undefined
    ? { ok: false, diagnostics: problems.list }
    : loadDocument(document, problems, { ...options, file });
}

async function loadDocument(
  document: Document,
  problems: Problems,
  options: LoadWorkerOptions,
): Promise<LoadResult<WorkerConfig>> {
  const tables = [...Object.keys(workerTables), 'mirrors'];
  const topLevel = { schema: z.object({}), unsupported: [] };
  readTable(document.table, document.root, topLevel, { otherKeys: tables, problems });
  const written = readSections(document, problems);
  const sections =
    options.previous === undefined ? written : keptSections(options.previous, written, document, problems);
  const mirrors = await readAllMirrors(document, sections, problems, options);
  checkGlobal(sections.global, mirrors, findTable(document, 'global').place, problems);
  const config = workerConfig(
    sections,
    mirrors.map((mirror) => mirror.config),
    document,
    problems,
  );
  const origins = {
    mirrors: new Map(mirrors.map(({ leaf, config: { name } }) => [name, mirrorOrigins(leaf)])),
    // a reload leaves them as they were
    sections: options.previous?.origins?.sections ?? sectionOrigins(sections, document),
  };
  return resultOf({ ...config, origins }, problems);
}

function readSections(document: Document, problems: Problems): Sections {
  return {
    global: readSection(document, 'global', workerTables.global, problems),
    manager: readSection(document, 'manager', workerTables.manager, problems),
    server: readSection(document, 'server', workerTables.server, problems),
    cgroup: readSection(document, 'cgroup', workerTables.cgroup, problems),
    docker: readSection(document, 'docker', workerTables.docker, problems),
    zfs: readSection(document, 'zfs', workerTables.zfs, problems),
    btrfs_snapshot: readSection(document, 'btrfs_snapshot', workerTables.btrfs_snapshot, problems),
  };
}

/** The sections of the configuration in force, with a warning for each that the file says something else about. */
function keptSections(
  previous: WorkerConfig,
  written: Sections,
  document: Document,
  problems: Problems,
): Sections {
  const fingerprints = fingerprintsOf(written);
  for (const [name, fingerprint] of Object.entries(previous.sectionFingerprints)) {
    if (fingerprints[name] === fingerprint) continue;
    problems.warning(findTable(document, name).place, 'has changed; that takes effect after a restart');
  }
  const kept = (name: SectionName): unknown => JSON.parse(previous.sectionFingerprints[name] ?? '{}');
  return {
    global: workerTables.global.schema.parse(kept('global')),
    manager: workerTables.manager.schema.parse(kept('manager')),
    server: workerTables.server.schema.parse(kept('server')),
    cgroup: workerTables.cgroup.schema.parse(kept('cgroup')),
    docker: workerTables.docker.schema.parse(kept('docker')),
    zfs: workerTables.zfs.schema.parse(kept('zfs')),
    btrfs_snapshot: workerTables.btrfs_snapshot.schema.parse(kept('btrfs_snapshot')),
  };
}

function fingerprintsOf(sections: Sections): Record<string, string> {
  return Object.fromEntries(Object.entries(sections).map(([name, values]) => [name, canonicalText(values)]));
}

interface BuiltMirror {
  leaf: Leaf;
  config: MirrorConfig;
}

/** The mirrors of the file and of all that it includes; of several with the same name the last one. */
async function readAllMirrors(
  document: Document,
  { global }: Sections,
  problems: Problems,
  options: LoadWorkerOptions,
): Promise<BuiltMirror[]> {
  const providers = providerMap(options.providers);
  const { include_mirrors: globs = [] } = readSection(document, 'include', workerTables.include, problems);
  const included = await readIncludes(
    globs,
    placeOf(findTable(document, 'include').place, 'include_mirrors'),
    {
      readFile: options.readFile,
      listFolder: options.listFolder,
      cwd: options.cwd ?? process.cwd(),
      problems,
    },
  );
  const globalPlace = findTable(document, 'global').place;
  const context = { global, globalPlace, providers, problems, distances: new Map<string, number>() };
  const byName = new Map<string, BuiltMirror>();
  for (const source of [document, ...included]) {
    const { raw, place } = findTable(source, 'mirrors');
    for (const leaf of readMirrors(raw, place, { providers, problems })) {
      const config = buildMirror(leaf, context);
      const earlier = byName.get(config.name);
      if (earlier !== undefined && config.name !== '') warnDuplicate(leaf, earlier.leaf, problems);
      byName.delete(config.name);
      byName.set(config.name, { leaf, config });
    }
  }
  return [...byName.values()];
}

function warnDuplicate(leaf: Leaf, earlier: Leaf, problems: Problems): void {
  const { source, path } = earlier.place;
  const line = source.lines?.lineOf(path);
  problems.warning(
    placeOf(leaf.origins.get('name') ?? leaf.place, 'name'),
    `the mirror at ${source.file}${line === undefined ? '' : `:${line}`} has the same name; only the last one counts`,
  );
}

function checkGlobal(
  global: GlobalValues,
  mirrors: readonly BuiltMirror[],
  place: Place,
  problems: Problems,
): void {
  const known = (key: string): boolean => problems.hasErrorAt(placeOf(place, key));
  const problem = global.name ? nameProblem(global.name) : 'is missing or empty';
  if (problem !== undefined && !known('name')) {
    problems.error(placeOf(place, 'name'), `the name of the worker ${problem}`);
  }
  if (!global.concurrent && !known('concurrent')) {
    problems.warning(
      placeOf(place, 'concurrent'),
      `not set: ${defaultConcurrent} syncs run at the same time (older versions started none)`,
    );
  }
  const lacks = (key: 'log_dir' | 'mirror_dir'): BuiltMirror | undefined =>
    mirrors.find(({ leaf }) => leaf.values[key] === undefined);
  const intervalIsUsed =
    mirrors.length === 0
      ? !global.cron
      : mirrors.some(
          ({ leaf, config }) => leaf.values.interval === undefined && config.schedule.kind !== 'cron',
        );
  if (!global.interval && intervalIsUsed && !known('interval')) {
    problems.warning(
      placeOf(place, 'interval'),
      `not set: mirrors sync every ${defaultInterval} minutes (older versions synced without a pause)`,
    );
  }
  for (const key of ['log_dir', 'mirror_dir'] as const) {
    const mirror = lacks(key);
    if (global[key] || mirror === undefined || known(key)) continue;
    const name = mirror.config.name;
    problems.error(placeOf(place, key), `expected a path, as the mirror '${name}' has no ${key} of its own`);
  }
}

function workerConfig(
  sections: Sections,
  mirrors: readonly MirrorConfig[],
  document: Document,
  problems: Problems,
): WorkerConfig {
  const { global, manager, server, cgroup, docker, zfs, btrfs_snapshot: btrfs } = sections;
  const serverPlace = findTable(document, 'server').place;
  const tls = tlsOf(server, serverPlace, problems);
  const bases = manager.api_base_list?.length ? manager.api_base_list : [manager.api_base ?? ''];
  return {
    global: {
      name: global.name ?? '',
      concurrent: firstSet(global.concurrent) ?? defaultConcurrent,
      stateDir: global.state_dir ?? '',
      perUpstreamConcurrent: global.per_upstream_concurrent ?? {},
      outboxMax: firstSet(global.outbox_max) ?? defaultOutboxMax,
    },
    manager: {
      apiBases: bases.filter((base) => base !== '').map((base) => base.replace(/\/+$/, '')),
      caCertFile: manager.ca_cert ?? '',
      clientCert: clientCertOf(manager, findTable(document, 'manager').place, problems),
    },
    server: {
      hostname: server.hostname ?? '',
      listenAddr: server.listen_addr ?? '',
      listenPort: server.listen_port ?? 0,
      tls,
      clientCaFile: clientCaOf(server, tls, serverPlace, problems),
    },
    cgroup: { enable: cgroup.enable ?? false, group: cgroup.group ?? '' },
    docker: {
      enable: docker.enable ?? false,
      volumes: docker.volumes ?? [],
      options: docker.options ?? [],
    },
    zfs: { enable: zfs.enable ?? false, zpool: zfs.zpool ?? '' },
    btrfsSnapshot: { enable: btrfs.enable ?? false, snapshotPath: btrfs.snapshot_path ?? '' },
    mirrors,
    sectionFingerprints: fingerprintsOf(sections),
  };
}
