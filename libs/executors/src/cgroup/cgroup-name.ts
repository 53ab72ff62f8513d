import { createHash } from 'node:crypto';

/** Longest file name, in bytes. Source: NAME_MAX of Linux. */
const longestName = 255;

/** Files that the kernel creates in every cgroup, in addition to those whose names begin with a controller's. */
const kernelFiles = ['tasks', 'notify_on_release', 'release_agent'];

/** Controllers, whose files are called `<controller>.…`. Source: cgroup-v1 and cgroup-v2 of the kernel's admin guide. */
const controllerFile =
  /^(?:blkio|cgroup|cpu|cpuacct|cpuset|debug|devices|dmem|freezer|hugetlb|io|irq|memory|misc|net_cls|net_prio|perf_event|pids|rdma)\./;

function percent(character: string): string {
  return [...Buffer.from(character)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');
}

/**
 * The folder name of a mirror's cgroup: the mirror's own name if possible, else one that no other mirror gets.
 * Characters that are not possible are written `%XX`: a slash, control characters, a leading dot, a leading `__`
 * (ours), and the first character of the kernel's own file names.
 */
export function cgroupName(mirror: string): string {
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  let name = mirror.replace(/[%/\u0000-\u001f\u007f]/g, percent);
  if (name === '') name = '%';
  else if (name.startsWith('.') || name.startsWith('__') || kernelFiles.includes(name)) {
    name = percent(name.charAt(0)) + name.slice(1);
  } else if (controllerFile.test(name)) name = name.replace('.', percent);
  if (Buffer.byteLength(name) <= longestName) return name;
  const digest = createHash('sha256').update(mirror).digest('hex');
  return `%${digest}`;
}
