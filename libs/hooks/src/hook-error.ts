import { messageOf, TunasyncError } from '@tunasync/protocol';
import type { HookStage } from './interfaces.js';

/** A hook failed, which ends the run as failed without further attempts. Code: `HOOK_FAILED`. */
export class HookError extends TunasyncError {
  /** Where in the run. */
  readonly stage: HookStage;
  /** {@link Hook.name} */
  readonly hook: string;

  /** The message is what goes into `error_msg`: `error exec hook <stage>: <why>`. */
  constructor(stage: HookStage, hook: string, cause: unknown) {
    super('HOOK_FAILED', `error exec hook ${stage}: ${messageOf(cause)}`, { cause });
    this.stage = stage;
    this.hook = hook;
  }
}
