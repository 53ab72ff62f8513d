import { ActionIcon } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useId, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiWorker } from '../../api/types.js';
import { cardId } from './use-marked.js';
import classes from './worker-card.module.css';
import { WorkerDetails } from './worker-details.js';
import { WorkerStateBadge } from './worker-state.js';

/** A worker: its state, load and resources. */
export function WorkerCard({
  worker,
  isMarked,
  onRemove,
}: {
  worker: ApiWorker;
  isMarked: boolean;
  onRemove: () => void;
}): JSX.Element {
  const { t } = useTranslation();
  const id = useId();
  return (
    <section
      id={cardId(worker.id)}
      tabIndex={-1}
      className={classes.card}
      data-worker={worker.state}
      data-marked={isMarked || undefined}
      aria-labelledby={id}
    >
      <div className={classes.head}>
        <h2 id={id} className={classes.name} title={worker.id}>
          {worker.id}
        </h2>
        {worker.version !== undefined && worker.version !== '' && (
          <span className={classes.version}>{t('workers.version', { version: worker.version })}</span>
        )}
        <ActionIcon
          className={classes.remove}
          variant="subtle"
          color="gray"
          aria-label={t('workers.removeNamed', { name: worker.id })}
          title={t('workers.remove')}
          onClick={onRemove}
        >
          <IconTrash size={16} />
        </ActionIcon>
      </div>
      <div className={classes.state}>
        <WorkerStateBadge worker={worker} />
        {worker.state !== 'online' && <p className={classes.note}>{t(`workers.${worker.state}`)}</p>}
      </div>
      <WorkerDetails worker={worker} />
    </section>
  );
}
