import { Progress } from '@mantine/core';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiJob } from '../api/types.js';
import { bytes, duration } from './format.js';
import classes from './progress-line.module.css';

/** How far a run is: a bar, and in words what is known of rate and time left. */
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
        // nobody knows how far: nothing is said of it, and it is not to be taken for all of it
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
