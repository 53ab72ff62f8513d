import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { tempDir, waitForPid } from '@tunasync/test-utils';
import { endForgotten, hostExecutor } from '../src/index.js';
import { isAlive, readProcessStat } from '../src/procfs/process-table.js';

const runs = (pid: number): boolean => {
  const stat = readProcessStat(pid);
  return stat !== undefined && isAlive(stat);
};

test('commands that are not on record are ended, those of other workers and their daemons are not', async () => {
  await using folder = await tempDir();
  const path = (name: string): string => join(folder.path, name);
  const start = async (id: string, stateDir: string, daemon = '') => {
    const executor = hostExecutor({ stateDir: path(stateDir), env: { PATH: process.env['PATH'] } });
    const script = `${daemon}trap '' TERM; echo $$ > ${id}; while :; do sleep 0.1; done`;
    const execution = await executor.start(
      { argv: ['sh', '-c', script], cwd: folder.path, env: {}, logFile: path('log') },
      { mirror: id, id },
    );
    const pid = await waitForPid(path(id));
    return { execution, pid };
  };
  const forgotten = await start('forgotten', 'state', 'setsid sleep 600 & echo $! > daemon; ');
  const known = await start('known', 'state');
  const foreign = await start('foreign', 'other-state');
  const daemon = await waitForPid(path('daemon'));
  const warnings: string[] = [];
  await endForgotten({
    stateDir: path('state'),
    known: new Set(['known']),
    logger: { warn: (message) => void warnings.push(message) },
  });
  expect([forgotten.pid, known.pid, foreign.pid, daemon].map(runs)).toEqual([false, true, true, true]);
  expect(warnings).toEqual([
    `ending a command of an earlier process that is not on record (pid ${String(forgotten.execution.handle['pid'])})`,
  ]);
  process.kill(daemon, 'SIGKILL');
  await Promise.all([known.execution.terminate(0), foreign.execution.terminate(0)]);
  await forgotten.execution.exit;
});
