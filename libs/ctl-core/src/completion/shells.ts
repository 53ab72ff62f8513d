/** The supported shells. */
export const shells = ['bash', 'zsh', 'fish'] as const;
/** A supported shell. */
export type Shell = (typeof shells)[number];
