/** Level of free space: below a tenth is a warning, below a twentieth is bad. */
export type DiskLevel = 'good' | 'warning' | 'bad' | 'unknown';

/** Free share of a file system, 0 to 1; undefined if its size is unknown. */
export function freeShare({ free, total }: { free: number; total: number }): number | undefined {
  return total > 0 ? Math.min(1, Math.max(0, free / total)) : undefined;
}

/** The level of a file system. */
export function diskLevel(filesystem: { free: number; total: number }): DiskLevel {
  const share = freeShare(filesystem);
  if (share === undefined) return 'unknown';
  if (share < 0.05) return 'bad';
  return share < 0.1 ? 'warning' : 'good';
}
