import { Button } from '@mantine/core';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { mirrorPage } from '../../routes/routes.js';
import { count } from '../../ui/format.js';
import { Section } from '../../ui/section.js';
import { RunKindBadge } from './run-kind.js';
import classes from './run-list.module.css';
import { runTimes } from './run-words.js';
import type { TimelineRun } from './timeline-runs.js';

/** Rows that are shown initially, and added at a time. */
const step = 200;

/** The timeline as a list: running runs, planned ones, and finished ones, the newest first. */
export function RunList({ runs }: { runs: readonly TimelineRun[] }): JSX.Element {
  const past = runs.filter(({ kind }) => kind !== 'running' && kind !== 'planned').reverse();
  return (
    <>
      <Group title="running" runs={runs.filter(({ kind }) => kind === 'running')} />
      <Group title="planned" runs={runs.filter(({ kind }) => kind === 'planned')} />
      <Group title="past" runs={past} />
    </>
  );
}

function Group({
  title,
  runs,
}: {
  title: 'running' | 'planned' | 'past';
  runs: readonly TimelineRun[];
}): JSX.Element | null {
  const { t, i18n } = useTranslation();
  const [most, setMost] = useState(step);
  if (runs.length === 0) return null;
  return (
    <Section title={t(`timeline.list.${title}`)} count={count(runs.length, i18n.language)}>
      <div className={classes.scroll} tabIndex={0} role="group" aria-label={t(`timeline.list.${title}`)}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t('timeline.list.start')}</th>
              <th scope="col">{t('timeline.list.mirror')}</th>
              <th scope="col">{t('timeline.list.worker')}</th>
              <th scope="col">{t('timeline.list.result')}</th>
              <th scope="col">{t('timeline.list.duration')}</th>
            </tr>
          </thead>
          <tbody className="live">
            {runs.slice(0, most).map((run) => (
              <Row key={run.key} run={run} />
            ))}
          </tbody>
        </table>
      </div>
      {runs.length > most && (
        <Button
          size="compact-sm"
          variant="subtle"
          m="sm"
          onClick={() => {
            setMost((before) => before + step);
          }}
        >
          {t('timeline.list.more', { count: Math.min(step, runs.length - most) })}
        </Button>
      )}
    </Section>
  );
}

function Row({ run }: { run: TimelineRun }): JSX.Element {
  const { t, i18n } = useTranslation();
  const { span, length } = runTimes(t, i18n.language, run);
  return (
    <tr>
      <td>{span}</td>
      <td>
        <Link href={mirrorPage(run)}>{run.name}</Link>
      </td>
      <td>{run.worker}</td>
      <td>
        <RunKindBadge kind={run.kind} />
      </td>
      <td>{length}</td>
    </tr>
  );
}
