import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiJob, JobPlan } from '../../../api/types.js';
import { count } from '../../../ui/format.js';
import { ProgressLine } from '../../../ui/progress-line.js';
import { Elapsed } from '../../../ui/times.js';
import { Card, Facts } from './facts.js';

/** The progress of a run. @param plan - if known */
export function CurrentRun({ job, plan }: { job: ApiJob; plan: JobPlan | undefined }): JSX.Element {
  const { t, i18n } = useTranslation();
  const { progress = {} } = job;
  const locale = i18n.language;
  const isSyncing = job.status === 'syncing';
  const attempt = plan?.attempt ?? 0;
  const isUnknown = Object.keys(progress).length === 0;
  return (
    <Card wide title={t(isSyncing ? 'mirror.now.running' : 'mirror.now.preparing')}>
      {isSyncing && <ProgressLine job={job} />}
      <Facts
        facts={[
          [t('mirror.now.elapsed'), <Elapsed key="elapsed" since={job.last_started} />],
          [
            t('mirror.now.attempt'),
            plan === undefined || attempt === 0
              ? undefined
              : t('mirror.now.attemptOf', { attempt, attempts: Math.max(plan.attempts, attempt) }),
          ],
          [t('mirror.now.files'), progress.files === undefined ? undefined : count(progress.files, locale)],
          ...(isSyncing && isUnknown
            ? [[t('mirror.now.progress'), t('mirror.now.noProgress')] as const]
            : []),
        ]}
      />
    </Card>
  );
}
