import { readdirSync } from 'node:fs';
import { readProc } from '../procfs/read-proc.js';
import type { Container } from './docker-engine.js';

/**
 * The processes of a running container, as this machine numbers them. Empty when the engine runs elsewhere, or the kernel
 * does not tell.
 */
export function containerProcesses({ id, pid }: Pick<Container, 'id' | 'pid'>): number[] {
  // the control group has the container's id in its path: the number is not a stranger's
  if (pid <= 0 || !read(`${pid}/cgroup`).includes(id)) return [];
  const all = [pid];
  // grows while it is walked; whatever loses its parent in a container becomes a child of its first process
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
