import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { ApiJob } from '../../../api/types.js';
import { mirrorPage } from '../../../routes/routes.js';
import { sizeText } from '../../../ui/size-text.js';
import { StateIcon } from '../../../ui/state-badge.js';
import { RelativeTime } from '../../../ui/times.js';
import { jobNote } from './job-note.js';
import classes from './mirror-row.module.css';

/** A mirror in two lines: its name, and a summary of its state. */
export function NarrowCells({ job, isRemoved }: { job: ApiJob; isRemoved: boolean }): JSX.Element {
  const { t, i18n } = useTranslation();
  const note = jobNote(job, t, i18n.language);
  const word = isRemoved ? t('mirrors.removed') : t(`state.${job.state}`);
  return (
    <div role="gridcell" className={classes.narrow} data-column="name">
      <StateIcon state={job.state} size={18} />
      <Link href={mirrorPage(job)} tabIndex={-1} className={classes.name}>
        {job.name}
      </Link>
      <span className={classes.details}>
        <span style={{ color: `var(--state-${job.state})` }}>{word}</span>
        {note === undefined ? (
          <>
            {' · '}
            <RelativeTime time={job.last_update} /> · {sizeText(job.size, i18n.language)}
          </>
        ) : (
          ` · ${note}`
        )}
      </span>
    </div>
  );
}
