import { Button, type ButtonProps } from '@mantine/core';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { useActions } from './actions-context.js';
import { keyOf, type ActionJob, type JobAction } from './job-action.js';
import { actionIcons } from './job-menu.js';

/** A button for one action on a mirror. It says so while the worker is being asked. */
export function ActionButton({
  action,
  job,
  disabled = false,
  ...props
}: { action: JobAction; job: ActionJob } & ButtonProps): JSX.Element {
  const { t } = useTranslation();
  const { run, pending } = useActions();
  const Icon = actionIcons[action];
  const asked = pending.get(keyOf(job));
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={<Icon size={14} />}
      {...props}
      disabled={disabled || asked !== undefined}
      onClick={() => {
        void run(action, [job]);
      }}
    >
      {asked === action ? t('action.asking') : t(`action.${action}`)}
    </Button>
  );
}
