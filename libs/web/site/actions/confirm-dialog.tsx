import { Button, Group, Text } from '@mantine/core';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../ui/dialog.js';
import { duration, millisOf } from '../ui/format.js';
import { useNow } from '../ui/now.js';
import { isRunning, lossOf, type ActionJob, type JobAction } from './job-action.js';

/** Most names that are spelled out in a question about many mirrors. */
const namesShown = 8;

/** Asks for confirmation of an action, and says what would be lost. */
export function ConfirmDialog({
  action,
  jobs,
  answer,
}: {
  action: JobAction;
  jobs: readonly ActionJob[];
  answer: (wanted: boolean) => void;
}): JSX.Element {
  const { t } = useTranslation();
  const [job] = jobs;
  const word = t(`action.${action}`);
  const title =
    jobs.length === 1 && job !== undefined
      ? t('action.title', { action: word, name: job.name })
      : t('action.titleMany', { action: word, count: jobs.length });
  const isHarmful = action !== 'start' && action !== 'force' && action !== 'enable';
  return (
    <Dialog
      title={title}
      onClose={() => {
        answer(false);
      }}
    >
      {jobs.length > 1 && <Text size="sm">{namesOf(jobs)}</Text>}
      <RunningNote jobs={jobs} />
      <Text size="sm" mt="sm">
        {t(`action.lost.${lossOf(action, jobs)}`, { count: jobs.length })}
      </Text>
      <Group justify="flex-end" mt="lg">
        <Button
          variant="default"
          data-autofocus
          onClick={() => {
            answer(false);
          }}
        >
          {t('action.cancel')}
        </Button>
        <Button
          color={isHarmful ? 'red' : undefined}
          onClick={() => {
            answer(true);
          }}
        >
          {word}
        </Button>
      </Group>
    </Dialog>
  );
}

function namesOf(jobs: readonly ActionJob[]): string {
  const names = jobs.slice(0, namesShown).map(({ name }) => name);
  return names.join(', ') + (jobs.length > namesShown ? ', …' : '');
}

/** The runs that an action would end. */
function RunningNote({ jobs }: { jobs: readonly ActionJob[] }): JSX.Element | null {
  const { t, i18n } = useTranslation();
  const now = useNow();
  const running = jobs.filter(isRunning);
  const [job] = running;
  if (job === undefined) return null;
  if (jobs.length > 1) return <Text size="sm">{t('action.runningMany', { count: running.length })}</Text>;
  const started = millisOf(job.last_started);
  const elapsed = started === undefined ? '–' : duration((now - started) / 1000, i18n.language);
  const percent = job.progress?.percent;
  return (
    <Text size="sm">
      {percent === undefined
        ? t('action.running', { elapsed })
        : t('action.runningAt', { elapsed, percent: Math.floor(percent) })}
    </Text>
  );
}
