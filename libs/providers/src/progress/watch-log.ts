import type { Progress, ProgressRun, ProgressWatch } from '../plugin/interfaces.js';
import { Remaining } from './estimate.js';
import { everySecond } from './every-second.js';
import { LogTail } from './log-tail.js';

/**
 * Tells how far a program is that lets rsync print its progress (`--progress`, `--info=progress2`) into the log.
 * Any other program's progress is not known.
 */
export function watchLog(run: ProgressRun): ProgressWatch {
  const { logFile, clock } = run;
  const tail = new LogTail(logFile);
  const remaining = new Remaining();
  return everySecond(clock, async (stopped) => {
    const line = await tail.look();
    if (line === undefined || stopped()) return;
    const { bytes, rate, files, checked, total } = line;
    const progress: Progress = {
      ...(bytes !== undefined && { bytes }),
      ...(rate !== undefined && { rate }),
      files,
    };
    if (total !== undefined && total > 0) {
      const now = clock.now();
      remaining.take(now, checked / total);
      progress.percent = Math.round((1000 * checked) / total) / 10;
      const eta = remaining.seconds(now);
      if (eta !== undefined) progress.eta = Math.round(eta);
    }
    run.onProgress(progress);
  });
}
