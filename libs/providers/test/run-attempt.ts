import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MirrorConfig } from '@tunasync/config';
import { hostExecutor, type ExitResult } from '@tunasync/executors';
import { plainMirror, tempDir, type TempDir } from '@tunasync/test-utils';
import type { AttemptOutcome, ProviderPlugin } from '../src/index.js';

/** A mirror with folders of its own. */
export interface Fixture extends AsyncDisposable {
  readonly folder: TempDir;
  readonly workingDir: string;
  /** Runs one attempt for real. */
  run(plugin: ProviderPlugin, fields: Partial<MirrorConfig>): Promise<AttemptResult>;
}

export interface AttemptResult {
  outcome: AttemptOutcome;
  /** How each command that was run ended. */
  exits: ExitResult[];
  log: string;
}

export async function fixture(): Promise<Fixture> {
  const folder = await tempDir();
  const logDir = folder.path;
  const workingDir = join(folder.path, 'mirror');
  const executor = hostExecutor({ stateDir: join(folder.path, 'state'), env: process.env });
  let count = 0;
  return {
    folder,
    workingDir,
    async run(plugin, fields) {
      const mirror: MirrorConfig = { ...plainMirror, name: 'debian', workingDir, logDir, ...fields };
      const id = `debian-${++count}`;
      const attempt = { logDir, logFile: join(logDir, `${id}.log`) };
      const provider = plugin.create(mirror);
      const exits: ExitResult[] = [];
      for (const spec of provider.commands(attempt)) {
        const execution = await executor.start(spec, { mirror: mirror.name, id });
        const exit = await execution.exit;
        await executor.cleanup(execution.handle);
        exits.push(exit);
        if (!provider.succeeded(exit)) break;
      }
      const outcome = await provider.inspect(attempt, exits.at(-1)!);
      return { outcome, exits, log: await readFile(attempt.logFile, 'utf8') };
    },
    [Symbol.asyncDispose]: () => folder.remove(),
  };
}
