import { ActionIcon, Menu } from '@mantine/core';
import {
  IconDotsVertical,
  IconPlayerPlay,
  IconPlayerSkipForward,
  IconPlayerStop,
  IconPower,
  IconRefresh,
} from '@tabler/icons-react';
import type { ComponentType, JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { useActions } from './actions-context.js';
import { actionsFor, keyOf, type ActionJob, type JobAction } from './job-action.js';

/** The icon of each action. */
export const actionIcons: Readonly<Record<JobAction, ComponentType<{ size?: number }>>> = {
  start: IconPlayerPlay,
  force: IconPlayerSkipForward,
  stop: IconPlayerStop,
  restart: IconRefresh,
  disable: IconPower,
  enable: IconPlayerPlay,
};

/**
 * The actions on a mirror, as a menu for its row.
 *
 * @param tabIndex - -1 where the row is the tab stop
 */
export function JobMenu({ job, tabIndex }: { job: ActionJob; tabIndex?: number }): JSX.Element {
  const { t } = useTranslation();
  const { run, pending } = useActions();
  return (
    <Menu position="bottom-end" withinPortal returnFocus>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          tabIndex={tabIndex}
          aria-label={t('action.more', { name: job.name })}
          loading={pending.has(keyOf(job))}
        >
          <IconDotsVertical size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {actionsFor(job).map((action) => {
          const Icon = actionIcons[action];
          return (
            <Menu.Item
              key={action}
              leftSection={<Icon size={14} />}
              onClick={() => {
                void run(action, [job]);
              }}
            >
              {t(`action.${action}`)}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
