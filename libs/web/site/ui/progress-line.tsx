import { Progress } from '@mantine/core';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiJob } from '../api/types.js';
import { bytes, duration } from './format.js';
import classes from './progress-line.module.css';

/** The progress of a run: a bar, and the rate and time left in words. */
export function ProgressLine({ job }: { job: Pick<ApiJob, 'name' | 'progress'> }): JSX.Element {
  const { t, i18n } = useTranslation();
  const { percent, bytes: received, rate, eta } = job.progress ?? {};
  const words = [
    percent === undefined ? undefined : t('progress.percent', { percent: Math.floor(percent) }),
    received === undefined ? undefined : bytes(received, i18n.language),
    rate === undefined ? undefined : t('progress.rate', { rate: bytes(rate, i18n.language) }),
    eta === undefined ? undefined : t('progress.eta', { time: duration(eta, i18n.language) }),
  ].filter((word) => word !== undefined);
  return (
    <div className={`${classes.progress} live`}>
      {percent === undefined ? (
        // unknown progress: announced as nothing, and drawn differently from a full bar
        <Progress.Root className={classes.bar} data-unknown>
          <Progress.Section value={100} withAria={false} striped animated />
        </Progress.Root>
      ) : (
        <Progress className={classes.bar} value={percent} aria-label={job.name} />
      )}
      <span className={classes.words}>{words.join(' · ')}</span>
    </div>
  );
}
