import { Button, Group, Progress, ScrollArea, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../ui/dialog.js';
import classes from './answers-dialog.module.css';
import { bulkCounts, type Bulk } from './use-bulk.js';

/** Most answers in the list: more than anyone reads, and few enough to draw at once. */
const mostListed = 200;

/** The answer of each worker to an action on many mirrors, refusals first, as they arrive. */
export function AnswersDialog({ bulk }: { bulk: Bulk }): JSX.Element {
  const { t } = useTranslation();
  const { action, total, answers, isSending, stop, close } = bulk;
  const sorted = [...answers].sort((one, other) => Number(one.ok) - Number(other.ok));
  const { done, failed, left } = bulkCounts(bulk);
  const summary = t('action.summary', { done, failed, count: total });
  return (
    <Dialog size="lg" title={`${t(`action.${action}`)}: ${t('action.answers')}`} onClose={close}>
      <Progress
        value={(100 * answers.length) / total}
        color={failed > 0 ? 'red' : undefined}
        aria-label={t('action.answers')}
      />
      <Text size="sm" my="sm" role="status">
        {summary}
        {!isSending && left > 0 && t('action.stopped', { count: left })}
      </Text>
      <ScrollArea.Autosize mah="50vh" viewportProps={{ tabIndex: 0, 'aria-label': t('action.answers') }}>
        <ul className={classes.list}>
          {sorted.slice(0, mostListed).map(({ worker, name, ok, message }) => (
            <li key={JSON.stringify([worker, name])} data-ok={ok}>
              {ok ? <IconCircleCheck size={16} aria-hidden /> : <IconCircleX size={16} aria-hidden />}
              <strong>{name}</strong> <span>{worker}</span> <span className={classes.message}>{message}</span>
            </li>
          ))}
        </ul>
        {sorted.length > mostListed && (
          <Text size="sm" mt="sm">
            {t('action.notListed', { count: sorted.length - mostListed })}
          </Text>
        )}
      </ScrollArea.Autosize>
      <Group justify="flex-end" mt="md">
        {isSending && (
          <Button variant="default" onClick={stop}>
            {t('action.stopAsking')}
          </Button>
        )}
        <Button onClick={close} data-autofocus>
          {t(isSending ? 'action.background' : 'action.close')}
        </Button>
      </Group>
    </Dialog>
  );
}
