import { readdirSync } from 'node:fs';
import { readProc } from '../procfs/read-proc.js';
import type { Container } from './docker-engine.js';

/**
 * The pids of a running container's processes on this machine. Empty when the engine runs elsewhere, or the kernel
 * does not list them.
 */
export function containerProcesses({ id, pid }: Pick<Container, 'id' | 'pid'>): number[] {
  // the control group has the container's id in its path: the number is not a stranger's
  if (pid <= 0 || !read(`${pid}/cgroup`).includes(id)) return [];
  const all = [pid];
  // the list grows during the walk; in a container, a process without a parent becomes a child of the first
  // process
  for (const process of all) {
    for (const thread of threads(process)) {
      const children = read(`${process}/task/${thread}/children`).split(' ').filter(Boolean);
      all.push(...children.map(Number));
    }
  }
  return all;
}

function read(path: string): string {
  return readProc(path) ?? '';
}

function threads(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}
