import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { MirrorConfig } from '@tunasync/config';
import type { Logger } from '@tunasync/logger';
import { plainMirror, tempDir } from '@tunasync/test-utils';
import type { HookContext } from '../src/index.js';

/** A run of a mirror with folders of its own, and what was logged in it. */
export interface Fixture extends AsyncDisposable {
  readonly path: string;
  readonly mirror: MirrorConfig;
  readonly context: HookContext;
  /** `<level> <message>` of each line. */
  readonly lines: string[];
  /** Removes the folders; `await using` does it too. */
  remove(): Promise<void>;
  /** Stops the run. */
  stop(): void;
}

export async function fixture(fields: Partial<MirrorConfig> = {}): Promise<Fixture> {
  const folder = await tempDir();
  const logDir = join(folder.path, 'log');
  await mkdir(logDir);
  const mirror: MirrorConfig = {
    ...plainMirror,
    name: 'debian',
    workingDir: '/data/debian',
    logDir,
    ...fields,
  };
  const lines: string[] = [];
  const line = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
  const logger: Logger = {
    debug: line('debug'),
    info: line('info'),
    notice: line('notice'),
    warn: line('warn'),
    error: line('error'),
    child: () => logger,
  };
  const controller = new AbortController();
  return {
    path: folder.path,
    mirror,
    context: { mirror, logger, attempt: 0, logFile: '', signal: controller.signal },
    lines,
    stop: () => {
      controller.abort();
    },
    remove: () => folder.remove(),
    [Symbol.asyncDispose]: () => folder.remove(),
  };
}
