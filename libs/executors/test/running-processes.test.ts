import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { FakeClock, SettableClock, waitFor } from '@tunasync/test-utils';
import { livingMembers } from '../src/procfs/process-table.js';
import { RunningProcesses } from '../src/procfs/running-processes.js';

test('one look serves half a second, whatever the clock does', async () => {
  const clock = new SettableClock(Date.parse('2026-11-23T12:00:00Z'));
  const running = new RunningProcesses(clock);
  const child = spawn('sh', ['-c', 'read line; sleep 60 & wait'], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const group = child.pid ?? 0;
  try {
    expect(running.inGroup(group)).toEqual([group]);
    child.stdin.write('go\n');
    await waitFor('the second process', () => livingMembers(group)?.length === 2);
    expect(running.inGroup(group)).toEqual([group]);
    clock.set(Date.parse('2026-11-23T11:00:00Z'));
    expect(running.inGroup(group)).toHaveLength(2);
  } finally {
    process.kill(-group, 'SIGKILL');
    await once(child, 'exit');
  }
});

test('a new group is found without waiting', async () => {
  const running = new RunningProcesses(new FakeClock());
  expect(running.inGroup(-1)).toEqual([]);
  const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
  const group = child.pid ?? 0;
  try {
    expect(running.inGroup(group)).toEqual([group]);
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});
