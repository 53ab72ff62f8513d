import { IconDotsVertical } from '@tabler/icons-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { useActions } from '../../actions/actions-context.js';
import { keyOf } from '../../actions/job-action.js';
import { JobMenu } from '../../actions/job-menu.js';
import type { ApiJob } from '../../api/types.js';
import classes from './mirror-row.module.css';

/** The actions of a row. A menu costs much to draw, so that rows that nobody is near have only its button. */
export function RowMenu({ job, isNear }: { job: ApiJob; isNear: boolean }): JSX.Element {
  const { t } = useTranslation();
  const { pending } = useActions();
  const [isWanted, setWanted] = useState(false);
  if (isWanted || isNear || pending.has(keyOf(job))) {
    return <JobMenu job={job} tabIndex={-1} defaultOpened={isWanted} />;
  }
  return (
    <button
      type="button"
      className={classes.menu}
      tabIndex={-1}
      aria-haspopup="menu"
      aria-label={t('action.more', { name: job.name })}
      onClick={() => {
        setWanted(true);
      }}
    >
      <IconDotsVertical size={16} />
    </button>
  );
}
