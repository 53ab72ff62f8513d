import { Alert, Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { deleteJson } from '../../api/http.js';
import { pathOf } from '../../api/manager-root.js';
import type { ApiWorker } from '../../api/types.js';
import { Dialog } from '../../ui/dialog.js';
import { useNotify } from '../../ui/use-notify.js';
import { mirrorTotal } from './mirror-counts.js';

/** Asks whether to remove a worker, says what would be lost, and shows the manager's answer. */
export function RemoveWorker({ worker, onClose }: { worker: ApiWorker; onClose: () => void }): JSX.Element {
  const { t } = useTranslation();
  const removal = useRemoval(worker.id, onClose);
  const total = mirrorTotal(worker);
  return (
    <Dialog title={t('workers.removal.title', { name: worker.id })} onClose={onClose}>
      <OnlineNote worker={worker} />
      <Text size="sm">
        {total === 0 ? t('workers.removal.lostNone') : t('workers.removal.lost', { count: total })}
      </Text>
      <Text size="sm" mt="sm">
        {t('workers.removal.stays')}
      </Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" data-autofocus onClick={onClose}>
          {t('action.cancel')}
        </Button>
        <Button
          color="red"
          disabled={removal.isPending}
          onClick={() => {
            removal.mutate();
          }}
        >
          {removal.isPending ? t('workers.removal.asking') : t('workers.removal.confirm')}
        </Button>
      </Group>
    </Dialog>
  );
}

/** Workers that are online are rarely meant to be removed. */
function OnlineNote({ worker }: { worker: ApiWorker }): JSX.Element | null {
  const { t } = useTranslation();
  if (worker.state !== 'online') return null;
  const running = Math.max(worker.running ?? 0, worker.counts.syncing);
  return (
    <Alert color="red" variant="outline" icon={<IconAlertTriangle size={18} />} mb="md">
      <Text size="sm">
        {running === 0 ? t('workers.removal.online') : t('workers.removal.running', { count: running })}
      </Text>
    </Alert>
  );
}

function useRemoval(id: string, onClose: () => void): { mutate: () => void; isPending: boolean } {
  const { t } = useTranslation();
  const client = useQueryClient();
  const notify = useNotify();
  const { mutate, isPending } = useMutation({
    mutationFn: () => deleteJson<{ message?: string }>(pathOf('/workers/:id', { id })),
    onSettled: onClose,
    onSuccess: ({ message = '' }) => {
      notify(true, t('workers.removal.done', { name: id, message }));
      void client.invalidateQueries({ queryKey: ['workers'] });
      void client.invalidateQueries({ queryKey: ['overview'] });
    },
    onError: ({ message }) => {
      notify(false, t('workers.removal.failed', { name: id, message }));
    },
  });
  return { mutate, isPending };
}
