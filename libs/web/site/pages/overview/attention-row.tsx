import { IconDatabase, IconServerOff } from '@tabler/icons-react';
import type { JSX, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { ApiAttention } from '../../api/types.js';
import { mirrorPage, workerPage } from '../../routes/routes.js';
import { diskLevel } from '../../ui/disk-level.js';
import { StateBadge } from '../../ui/state-badge.js';
import classes from './attention-list.module.css';
import { JobActions, JobFacts, LastHeard, OpenWorker } from './attention-parts.js';
import { attentionReason } from './attention-words.js';

/** Something that needs attention: what, why, since when, and actions that help. */
export function AttentionRow({ one, isGone }: { one: ApiAttention; isGone: boolean }): JSX.Element {
  const { t, i18n } = useTranslation();
  const reason = attentionReason(t, i18n.language, one);
  const parts = partsOf(one, isGone);
  return (
    <li className={classes.row} data-kind={one.kind} data-gone={isGone || undefined}>
      <span className={classes.state}>{parts.state}</span>
      <span className={classes.what}>{parts.what}</span>
      <span className={classes.reason} title={reason}>
        {reason}
      </span>
      <span className={classes.facts}>{parts.facts}</span>
      <span className={classes.actions}>{parts.actions}</span>
    </li>
  );
}

interface Parts {
  state: ReactNode;
  what: ReactNode;
  facts: ReactNode;
  actions: ReactNode;
}

function partsOf(one: ApiAttention, isGone: boolean): Parts {
  switch (one.kind) {
    case 'failed':
    case 'stale':
      return {
        state: <StateBadge state={one.kind} />,
        what: <What href={mirrorPage(one.job)} name={one.job.name} at={one.job.worker} />,
        facts: <JobFacts job={one.job} />,
        actions: <JobActions job={one.job} isGone={isGone} />,
      };
    case 'worker-lost':
      return {
        state: <Mark icon={<IconServerOff size={16} />} level="bad" word="lost" />,
        what: <What href={workerPage(one.worker.id)} name={one.worker.id} />,
        facts: <LastHeard time={one.worker.last_online} />,
        actions: <OpenWorker id={one.worker.id} />,
      };
    case 'disk-low':
      return {
        state: <Mark icon={<IconDatabase size={16} />} level={diskLevel(one.filesystem)} word="disk" />,
        what: <What href={workerPage(one.worker)} name={one.filesystem.path} at={one.worker} isPath />,
        facts: null,
        actions: <OpenWorker id={one.worker} />,
      };
  }
}

function What({
  href,
  name,
  at,
  isPath,
}: {
  href: string;
  name: string;
  at?: string;
  isPath?: boolean;
}): JSX.Element {
  return (
    <>
      <Link href={href} className={classes.name} data-path={isPath} title={name}>
        {name}
      </Link>
      {at !== undefined && <span className={classes.at}>{at}</span>}
    </>
  );
}

function Mark({ icon, level, word }: { icon: ReactNode; level: string; word: 'lost' | 'disk' }): JSX.Element {
  const { t } = useTranslation();
  return (
    <span className={classes.mark} data-level={level}>
      {icon}
      {word === 'lost' ? t('workerState.lost') : t('overview.attention.diskWord')}
    </span>
  );
}
