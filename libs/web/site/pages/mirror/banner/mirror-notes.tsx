import { IconClock, IconMinus, IconPlayerPause, IconPlugConnectedX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ComponentType, CSSProperties, JSX, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { queries } from '../../../api/queries.js';
import type { ApiJob, Wait } from '../../../api/types.js';
import { clockTime, dayTime, millisOf, relativeTime } from '../../../ui/format.js';
import { useNow } from '../../../ui/now.js';
import { waitText } from '../../../ui/wait-text.js';
import classes from './mirror-notes.module.css';

/** Reasons why a mirror does not run, one per line. */
export function MirrorNotes({ job }: { job: ApiJob }): JSX.Element {
  const { t } = useTranslation();
  return (
    <>
      {job.worker_state !== 'online' && <AbsentWorker job={job} state={job.worker_state} />}
      {job.waits !== undefined && <WaitNote wait={job.waits} />}
      {job.status === 'pre-syncing' && job.waits === undefined && job.worker_state === 'online' && (
        <Note icon={IconClock} colour="waiting">
          {t('mirror.note.preparing')}
        </Note>
      )}
      {job.status === 'paused' && (
        <Note icon={IconPlayerPause} colour="paused">
          {t('mirror.note.paused')}
        </Note>
      )}
      {job.status === 'disabled' && (
        <Note icon={IconMinus} colour="disabled">
          {t('mirror.note.disabled')}
        </Note>
      )}
    </>
  );
}

function Note({
  icon: Icon,
  colour,
  children,
}: {
  icon: ComponentType<{ size: number }>;
  colour: ApiJob['state'];
  children: ReactNode;
}): JSX.Element {
  return (
    <p className={classes.note} style={{ '--note': `var(--state-${colour})` } as CSSProperties}>
      <span aria-hidden className={classes.icon}>
        <Icon size={16} />
      </span>
      <span>{children}</span>
    </p>
  );
}

function WaitNote({ wait }: { wait: Wait }): JSX.Element {
  const { t, i18n } = useTranslation();
  const now = useNow();
  const until = wait.until === undefined ? undefined : wait.until * 1000;
  const words = waitText(t, wait);
  return (
    <Note icon={IconClock} colour="waiting">
      {words.charAt(0).toUpperCase() + words.slice(1)}
      {until !== undefined &&
        until > now &&
        t('mirror.note.until', {
          time: clockTime(until, i18n.language),
          distance: relativeTime(until, now, i18n.language),
        })}
      {wait.for === 'disk' && wait.detail !== undefined && <code> {wait.detail}</code>}
    </Note>
  );
}

function AbsentWorker({ job: { worker }, state }: { job: ApiJob; state: 'lost' | 'unknown' }): JSX.Element {
  const { t, i18n } = useTranslation();
  const now = useNow();
  const { data: workers } = useQuery(queries.workers());
  const heard = millisOf(workers?.find(({ id }) => id === worker)?.last_online);
  const words =
    heard === undefined
      ? t('mirror.note.neverHeard', { worker })
      : t(`mirror.note.${state}`, {
          worker,
          since: relativeTime(heard, now, i18n.language),
          time: dayTime(heard, i18n.language),
        });
  return (
    <Note icon={IconPlugConnectedX} colour={state === 'lost' ? 'failed' : 'disabled'}>
      {workers === undefined ? worker : words}
    </Note>
  );
}
