import type { JSX, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { ApiWorker } from '../../api/types.js';
import { pages } from '../../routes/routes.js';
import { count } from '../../ui/format.js';
import { Meter } from '../../ui/meter.js';
import { StateIcon } from '../../ui/state-badge.js';
import { RelativeTime } from '../../ui/times.js';
import { Disks } from './disks.js';
import { mirrorCounts, mirrorTotal, slotUse } from './mirror-counts.js';
import classes from './worker-details.module.css';

/** Facts about a worker, one per line. Unknown ones are omitted. */
export function WorkerDetails({ worker }: { worker: ApiWorker }): JSX.Element {
  const { t } = useTranslation();
  const filesystems = worker.filesystems ?? [];
  return (
    <dl className={`${classes.facts} live`}>
      {worker.slots !== undefined && (
        <Fact word={t('workers.slots')}>
          <Slots worker={worker} slots={worker.slots} />
        </Fact>
      )}
      <Fact word={t('workers.mirrors')}>
        <Mirrors worker={worker} />
      </Fact>
      {filesystems.length > 0 && (
        <Fact word={t('workers.disk')}>
          <Disks filesystems={filesystems} />
        </Fact>
      )}
      {worker.outbox !== undefined && worker.outbox > 0 && (
        <Fact word={t('workers.outbox')}>
          <span className={classes.warning}>{t('workers.outboxText', { count: worker.outbox })}</span>
        </Fact>
      )}
      <Fact word={t('workers.url')}>
        <span className={classes.url}>{worker.url}</span>
      </Fact>
      <Fact word={t('workers.registered')}>
        <RelativeTime time={worker.last_register} />
      </Fact>
    </dl>
  );
}

function Fact({ word, children }: { word: string; children: ReactNode }): JSX.Element {
  return (
    <div className={classes.fact}>
      <dt>{word}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Slots({ worker, slots }: { worker: ApiWorker; slots: number }): JSX.Element {
  const { t, i18n } = useTranslation();
  const { running, waiting } = slotUse(worker);
  const text = t('workers.slotsText', {
    running: count(running, i18n.language),
    slots: count(slots, i18n.language),
  });
  return (
    <div className={classes.slots}>
      <Meter
        share={slots > 0 ? running / slots : 0}
        label={t('workers.slotsLabel', { name: worker.id })}
        text={text}
      />
      <span>
        {text}
        {waiting > 0 && ` · ${t('workers.queued', { count: waiting })}`}
      </span>
    </div>
  );
}

function Mirrors({ worker }: { worker: ApiWorker }): JSX.Element {
  const { t, i18n } = useTranslation();
  const total = mirrorTotal(worker);
  if (total === 0) return <span className={classes.dim}>{t('workers.noMirrors')}</span>;
  const path = (state: string): string =>
    `${pages.mirrors}?${state === '' ? '' : `state=${state}&`}worker=${encodeURIComponent(worker.id)}`;
  return (
    <span className={classes.mirrors}>
      <Link href={path('')}>{t('workers.allMirrors', { count: total })}</Link>
      {mirrorCounts(worker).map(({ state, count: some, filter }) => (
        <Link key={state} href={path(filter)} className={classes.count}>
          <StateIcon state={state} size={14} />
          {count(some, i18n.language)} <span className={classes.word}>{t(`state.${state}`)}</span>
        </Link>
      ))}
    </span>
  );
}
