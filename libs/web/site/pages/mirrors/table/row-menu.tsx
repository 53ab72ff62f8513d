import { IconDotsVertical } from '@tabler/icons-react';
import { useLayoutEffect, useRef, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { useActions } from '../../../actions/actions-context.js';
import { keyOf } from '../../../actions/job-action.js';
import { JobMenu } from '../../../actions/job-menu.js';
import type { ApiJob } from '../../../api/types.js';
import classes from './mirror-row.module.css';

/** The actions of a row. Menus are expensive to render, so that a row has only a button until it is used. */
export function RowMenu({ job }: { job: ApiJob }): JSX.Element {
  const { t } = useTranslation();
  const { pending } = useActions();
  const [isWanted, setWanted] = useState(false);
  const place = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    if (!isWanted) return;
    const button = place.current?.querySelector('button');
    // the focus returns to the element that had it when the menu opened
    if (document.activeElement === document.body) button?.focus();
    button?.click();
  }, [isWanted]);
  if (isWanted || pending.has(keyOf(job))) {
    return (
      <span ref={place}>
        <JobMenu job={job} tabIndex={-1} />
      </span>
    );
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
