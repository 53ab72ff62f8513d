import { IconCircleCheck, IconCircleDot, IconCircleX } from '@tabler/icons-react';
import type { ComponentType, JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiWorker, WorkerState } from '../../api/types.js';
import { RelativeTime } from '../../ui/times.js';
import classes from './worker-state.module.css';

const icons: Readonly<Record<WorkerState, ComponentType<{ size: number }>>> = {
  online: IconCircleCheck,
  lost: IconCircleX,
  unknown: IconCircleDot,
};

/** The state of a worker, and the time of its last report. */
export function WorkerStateBadge({ worker }: { worker: ApiWorker }): JSX.Element {
  const { t } = useTranslation();
  const Icon = icons[worker.state];
  return (
    <span className={classes.state} data-worker-state={worker.state}>
      <span className={classes.word}>
        <Icon size={16} aria-hidden />
        {t(`workerState.${worker.state}`)}
      </span>
      <span className={classes.heard}>
        {worker.state === 'online' && `${t('workers.heard')} `}
        {worker.state === 'lost' && `${t('workers.lastHeard')} `}
        <RelativeTime time={worker.last_online} />
      </span>
    </span>
  );
}
