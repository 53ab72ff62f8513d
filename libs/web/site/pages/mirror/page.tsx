import { useQuery } from '@tanstack/react-query';
import { useEffect, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/http.js';
import { queries } from '../../api/queries.js';
import type { ApiJob, JobKey } from '../../api/types.js';
import { LoadError } from '../../ui/nothing-here.js';
import { useTitle } from '../../ui/use-title.js';
import { FailureBanner } from './banner/failure-banner.js';
import { MirrorNotes } from './banner/mirror-notes.js';
import { MirrorHead } from './mirror-head.js';
import { MirrorTabs } from './mirror-tabs.js';
import classes from './page.module.css';
import { UnknownMirror } from './unknown-mirror.js';

/** The page of one mirror: its state, actions and details. */
export function MirrorPage({ worker, name }: JobKey): JSX.Element {
  const { t } = useTranslation();
  const { data: job, error, isPending, refetch } = useQuery(queries.job({ worker, name }));
  useTitle(job === undefined ? name : `${t(`state.${job.state}`)} · ${name}`);
  if (error instanceof ApiError && (error.status === 404 || error.status === 400)) {
    return <UnknownMirror worker={worker} name={name} />;
  }
  if (job !== undefined) return <Loaded job={job} />;
  return (
    <>
      <h1 className={classes.title}>{name}</h1>
      {isPending ? (
        <p className={classes.loading} role="status">
          {t('load.loading')}
        </p>
      ) : (
        <LoadError error={error} retry={() => void refetch()} />
      )}
    </>
  );
}

function Loaded({ job }: { job: ApiJob }): JSX.Element {
  useEffect(() => {
    window.scrollTo(0, 0);
  }, []);
  return (
    <div className={classes.page} data-worker={job.worker_state}>
      <MirrorHead job={job} />
      <MirrorNotes job={job} />
      <FailureBanner job={job} />
      <MirrorTabs job={job} />
    </div>
  );
}
