import type { TFunction } from 'i18next';
import { firstLine } from '../../../ui/first-line.js';

const reasons = [
  'exit-code',
  'signal',
  'end-not-seen',
  'not-runnable',
  'out-of-memory',
  'upstream-refused',
  'fail-on-match',
  'log-unreadable',
  'killed',
  'timeout',
  'hook',
  'start-failed',
  'crashed',
] as const;
/** Exit codes of rsync with a meaning of their own. Source: rsync(1), "EXIT VALUES". */
const rsyncCodes = [1, 2, 3, 5, 10, 11, 12, 20, 22, 23, 24, 25, 30, 35] as const;

/** Facts about the failure of a run. */
export interface WhyFailed {
  /** A stable word; empty if unknown. */
  readonly reason: string;
  readonly exitCode?: number | undefined;
  /** The worker's message. */
  readonly message: string;
}

/** Why a run failed, in plain words with its exit code. An unknown reason is shown as it is. */
export function reasonText(t: TFunction, why: WhyFailed): string {
  const { exitCode: code } = why;
  const words = wordsOf(t, why);
  // the exit code of a command that was stopped means nothing
  const saysMore = code !== undefined && code !== 0 && why.reason !== 'killed';
  return !saysMore ? words : t('mirror.withCode', { reason: words, code });
}

/** The part of the worker's message that {@link reasonText} does not contain; may be empty. */
export function furtherWords(why: WhyFailed): string {
  const message = why.message.trim();
  const isSaid = /^exit status \d+$/.test(message) || (isByMessage(why) && message === firstLine(message));
  return isSaid ? '' : message;
}

/** Whether the worker's message is all that is known. */
function isByMessage({ reason, exitCode }: WhyFailed): boolean {
  return reason === '' && exitCode === undefined;
}

function wordsOf(t: TFunction, { reason, exitCode, message }: WhyFailed): string {
  const isByCode = reason === 'exit-code' || (reason === '' && exitCode !== undefined);
  if (isByCode) {
    const code = rsyncCodes.find((one) => one === exitCode);
    return code !== undefined && saysRsync(message)
      ? t(`mirror.rsync.code${code}`)
      : t('mirror.reasons.exit-code');
  }
  const known = reasons.find((one) => one === reason);
  if (known !== undefined) return t(`mirror.reasons.${known}`);
  return reason || firstLine(message) || t('mirror.reasons.unknown');
}

/** Workers explain codes of rsync, and of no other command. */
function saysRsync(message: string): boolean {
  return /^exit status \d+: /.test(message);
}
