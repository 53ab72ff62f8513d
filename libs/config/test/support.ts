import {
  formatDiagnostic,
  loadCtlConfig,
  loadManagerConfig,
  parseWorkerConfig,
  type CtlConfig,
  type Diagnostic,
  type LoadResult,
  type LoadWorkerOptions,
  type ManagerConfig,
  type MirrorConfig,
  type WorkerConfig,
} from '../src/index.js';

/** The start of a worker's file that has nothing to be warned of. */
export const globalTable = [
  '[global]',
  'name = "w"',
  'log_dir = "/log/{{.Name}}"',
  'mirror_dir = "/data"',
  'concurrent = 3',
  'interval = 60',
  '',
].join('\n');

/** A good mirror; more keys may follow. */
export const mirrorTable = ['[[mirrors]]', 'name = "m"', 'upstream = "rsync://u/m/"', ''].join('\n');

/** The value, or a failure that shows why there is none. */
export function valueOf<T>(result: LoadResult<T>): T {
  if (!result.ok) throw new Error(result.diagnostics.map(formatDiagnostic).join('\n'));
  return result.value;
}

export async function worker(text: string, options?: Partial<LoadWorkerOptions>): Promise<WorkerConfig> {
  return valueOf(await parseWorkerConfig(text, options));
}

/** The only mirror of a file. */
export async function mirror(text: string, options?: Partial<LoadWorkerOptions>): Promise<MirrorConfig> {
  const { mirrors } = await worker(text, options);
  if (mirrors[0] === undefined || mirrors.length > 1) throw new Error(`${mirrors.length} mirrors`);
  return mirrors[0];
}

/** Diagnostics as people read them, with their severity. */
export function lines(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map((diagnostic) => `${diagnostic.severity}: ${formatDiagnostic(diagnostic)}`);
}

export async function workerProblems(text: string, options?: Partial<LoadWorkerOptions>): Promise<string[]> {
  return lines((await parseWorkerConfig(text, { file: 'w.conf', ...options })).diagnostics);
}

/** File access that knows only these files. */
export function inMemory(files: Readonly<Record<string, string>>): {
  readFile: (path: string) => Promise<string>;
  listFolder: (path: string) => Promise<string[]>;
} {
  const missing = (): Error => Object.assign(new Error('no such file or directory'), { code: 'ENOENT' });
  return {
    readFile: (path) => {
      const text = files[path];
      return text === undefined ? Promise.reject(missing()) : Promise.resolve(text);
    },
    listFolder: (folder) => {
      const prefix = folder.endsWith('/') ? folder : `${folder}/`;
      const names = Object.keys(files)
        .filter((path) => path.startsWith(prefix))
        .map((path) => path.slice(prefix.length).split('/')[0] ?? '');
      return names.length === 0 ? Promise.reject(missing()) : Promise.resolve([...new Set(names)]);
    },
  };
}

export async function manager(text: string): Promise<ManagerConfig> {
  return valueOf(await loadManagerConfig({ file: 'm.conf', ...inMemory({ 'm.conf': text }) }));
}

export async function managerProblems(text: string): Promise<string[]> {
  return lines((await loadManagerConfig({ file: 'm.conf', ...inMemory({ 'm.conf': text }) })).diagnostics);
}

export async function ctl(text: string): Promise<CtlConfig> {
  return valueOf(await loadCtlConfig({ files: ['c.conf'], ...inMemory({ 'c.conf': text }) }));
}
