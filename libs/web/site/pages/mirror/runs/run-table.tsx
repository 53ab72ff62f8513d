import { Button } from '@mantine/core';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiJob, RunRecord } from '../../../api/types.js';
import { RunRow } from './run-row.js';
import classes from './run-table.module.css';

/** Rows that are added at a time. */
const rowsAtOnce = 50;

/** The runs of a mirror, newest first. */
export function RunTable({ job, runs }: { job: ApiJob; runs: readonly RunRecord[] }): JSX.Element {
  const { t } = useTranslation();
  const [shown, setShown] = useState(rowsAtOnce);
  const more = Math.min(rowsAtOnce, runs.length - shown);
  return (
    <div className={classes.frame}>
      <table className={`${classes.table} live`} aria-label={t('mirror.runs.table')}>
        <thead>
          <tr>
            <th scope="col">{t('mirror.runs.result')}</th>
            <th scope="col">{t('mirror.runs.started')}</th>
            <th scope="col" className={classes.number}>
              {t('mirror.runs.duration')}
            </th>
            <th scope="col" className={classes.number}>
              {t('mirror.runs.bytes')}
            </th>
            <th scope="col" className={`${classes.number} ${classes.wide}`}>
              {t('mirror.runs.files')}
            </th>
            <th scope="col" className={`${classes.number} ${classes.wide}`}>
              {t('mirror.runs.size')}
            </th>
            <th scope="col" className={`${classes.number} ${classes.wide}`}>
              {t('mirror.runs.attempts')}
            </th>
            <th scope="col" className={classes.wide}>
              {t('mirror.runs.reason')}
            </th>
          </tr>
        </thead>
        <tbody>
          {runs.slice(0, shown).map((run) => (
            <RunRow key={run.id} job={job} run={run} />
          ))}
        </tbody>
      </table>
      {more > 0 && (
        <Button
          size="xs"
          variant="subtle"
          m="sm"
          onClick={() => {
            setShown(shown + more);
          }}
        >
          {t('mirror.runs.more', { count: more })}
        </Button>
      )}
    </div>
  );
}
