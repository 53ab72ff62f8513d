import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import type { JobKey, RunRecord } from '../../../api/types.js';
import { mirrorPage } from '../../../routes/routes.js';
import { absoluteTime, bytes, count, dayTime, duration, millisOf } from '../../../ui/format.js';
import { valueOf } from './chart-data.js';
import { furtherWords, reasonText } from './reason-text.js';
import { logOf, runSeconds } from './run-outcome.js';
import { RunResult } from './run-result.js';
import classes from './run-table.module.css';

/** Address of the log of a run; undefined without a log. */
export function runLogPage(job: JobKey, run: RunRecord): string | undefined {
  const log = logOf(run);
  return log === undefined ? undefined : mirrorPage(job, 'log', `log=${encodeURIComponent(log)}`);
}

/** A run in the table; it opens its log. */
export function RunRow({ job, run }: { job: JobKey; run: RunRecord }): JSX.Element {
  const { t, i18n } = useTranslation();
  const [, go] = useLocation();
  const locale = i18n.language;
  const page = runLogPage(job, run);
  const at = millisOf(run.started);
  const time = at === undefined ? '–' : dayTime(at, locale);
  const seconds = runSeconds(run);
  const size = valueOf(run, 'size');
  const why = { reason: run.reason, exitCode: run.exit_code, message: run.error_msg };
  const reason = run.result === 'success' ? '' : reasonText(t, why);
  const known = <Value,>(value: Value | undefined, words: (value: Value) => string): string =>
    value === undefined ? '–' : words(value);
  return (
    <tr
      data-link={page !== undefined || undefined}
      onClick={() => {
        // the click ends a selection of text to copy
        if (page !== undefined && getSelection()?.isCollapsed !== false) go(page);
      }}
    >
      <td>
        <RunResult result={run.result} />
      </td>
      <td>
        {page === undefined ? (
          time
        ) : (
          <Link
            href={page}
            className={classes.link}
            title={at === undefined ? undefined : absoluteTime(at, locale)}
            aria-label={t('mirror.runs.openLog', { time })}
            onClick={(event) => {
              event.stopPropagation();
            }}
          >
            {time}
          </Link>
        )}
        {run.result === 'failed' && <div className={classes.narrow}>{reason}</div>}
      </td>
      <td className={classes.number}>{known(seconds, (value) => duration(value, locale))}</td>
      <td className={classes.number}>{known(run.bytes_transferred, (value) => bytes(value, locale))}</td>
      <td className={`${classes.number} ${classes.wide}`}>
        {known(run.files, (value) => count(value, locale))}
      </td>
      <td className={`${classes.number} ${classes.wide}`}>{known(size, (value) => bytes(value, locale))}</td>
      <td className={`${classes.number} ${classes.wide}`}>{count(run.attempts, locale)}</td>
      <td className={`${classes.reason} ${classes.wide}`} title={furtherWords(why)}>
        {reason}
      </td>
    </tr>
  );
}
