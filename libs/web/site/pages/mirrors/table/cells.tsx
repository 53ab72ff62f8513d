import { IconPlugConnectedX } from '@tabler/icons-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { isRunning } from '../../../actions/job-action.js';
import type { ApiJob } from '../../../api/types.js';
import { mirrorPage } from '../../../routes/routes.js';
import { duration, secondsBetween } from '../../../ui/format.js';
import { sizeText } from '../../../ui/size-text.js';
import { jobNote } from './job-note.js';
import classes from './mirror-row.module.css';

/** The name of a mirror with a link to its page, and a note about its state. */
export function NameCell({ job }: { job: ApiJob }): JSX.Element {
  return (
    <>
      <Link href={mirrorPage(job)} tabIndex={-1} className={classes.name} title={job.name}>
        {job.name}
      </Link>
      <Note job={job} />
    </>
  );
}

/** Why a mirror failed or waits, or its progress. */
function Note({ job }: { job: ApiJob }): JSX.Element | null {
  const { t, i18n } = useTranslation();
  const note = jobNote(job, t, i18n.language);
  if (note === undefined) return null;
  return (
    <span className={classes.note} title={note} data-state={job.state}>
      {note}
    </span>
  );
}

/** The id of a worker, with a mark if it is lost. */
export function WorkerCell({ job }: { job: Pick<ApiJob, 'worker' | 'worker_state'> }): JSX.Element {
  const { t } = useTranslation();
  if (job.worker_state !== 'lost') return <span title={job.worker}>{job.worker}</span>;
  return (
    <span className={classes.lost} title={`${job.worker}: ${t('mirrors.lostWorker')}`}>
      <IconPlugConnectedX size={14} role="img" aria-label={t('workerState.lost')} /> {job.worker}
    </span>
  );
}

/** The duration of the last run. The mirror's page shows that of a run in progress. */
export function DurationCell({ job }: { job: ApiJob }): JSX.Element {
  const { i18n } = useTranslation();
  const seconds = isRunning(job) ? undefined : secondsBetween(job.last_started, job.last_ended);
  return <span>{seconds === undefined ? '–' : duration(seconds, i18n.language)}</span>;
}

/** A size as reported by the worker. */
export function SizeCell({ size }: { size: string }): JSX.Element {
  const { i18n } = useTranslation();
  return <span>{sizeText(size, i18n.language)}</span>;
}
