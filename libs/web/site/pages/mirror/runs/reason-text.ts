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
/** Exit codes of rsync that say more than that something went wrong. Source: rsync(1), "EXIT VALUES". */
const rsyncCodes = [1, 2, 3, 5, 10, 11, 12, 20, 22, 23, 24, 25, 30, 35] as const;

/** What is known of why a run failed. */
export interface WhyFailed {
  /** A stable word; empty: not told. */
  readonly reason: string;
  readonly exitCode?: number | undefined;
  /** In the worker's words. */
  readonly message: string;
}

/** Why a run failed, in plain words with its exit code. A reason that is not known yet is shown as it is. */
export function reasonText(t: TFunction, why: WhyFailed): string {
  const { exitCode: code } = why;
  const words = wordsOf(t, why);
  // how a command ends that somebody ended says nothing
  const saysMore = code !== undefined && code !== 0 && why.reason !== 'killed';
  return !saysMore ? words : t('mirror.withCode', { reason: words, code });
}

/** What the worker says besides what {@link reasonText} says; empty: nothing. */
export function furtherWords(why: WhyFailed): string {
  const message = why.message.trim();
  const isSaid = /^exit status \d+$/.test(message) || (isByMessage(why) && message === firstLine(message));
  return isSaid ? '' : message;
}

/** Whether nothing is known but what the worker says. */
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

/** Workers add what a code of rsync means, and to no other command's. */
function saysRsync(message: string): boolean {
  return /^exit status \d+: /.test(message);
}
