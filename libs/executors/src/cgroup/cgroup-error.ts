import { TunasyncError } from '@tunasync/protocol';

/** Cgroups cannot be used as they are set up; the message says what to do. */
export class CgroupError extends TunasyncError {
  declare readonly code: 'CGROUP_UNUSABLE';

  constructor(message: string, options: { cause?: unknown } = {}) {
    super('CGROUP_UNUSABLE', message, options);
  }
}
