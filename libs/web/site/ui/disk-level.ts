/** How full a file system is: under a tenth free is a warning, under a twentieth is bad. */
export type DiskLevel = 'good' | 'warning' | 'bad' | 'unknown';

/** Part of a file system that is free, 0 to 1; undefined when its size is not known. */
export function freeShare({ free, total }: { free: number; total: number }): number | undefined {
  return total > 0 ? Math.min(1, Math.max(0, free / total)) : undefined;
}

/** How full a file system is. */
export function diskLevel(filesystem: { free: number; total: number }): DiskLevel {
  const share = freeShare(filesystem);
  if (share === undefined) return 'unknown';
  if (share < 0.05) return 'bad';
  return share < 0.1 ? 'warning' : 'good';
}
