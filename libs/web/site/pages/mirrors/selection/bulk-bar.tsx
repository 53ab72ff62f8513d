import { Button, CloseButton } from '@mantine/core';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { useActions } from '../../../actions/actions-context.js';
import type { JobAction } from '../../../actions/job-action.js';
import { actionIcons } from '../../../actions/job-menu.js';
import { count } from '../../../ui/format.js';
import { useNotify } from '../../../ui/use-notify.js';
import classes from './bulk-bar.module.css';
import { bulkActions, targetsOf } from './selection.js';
import type { BulkSelection } from './use-selection.js';

/** The actions on all selected mirrors. */
export function BulkBar({ selection, total }: { selection: BulkSelection; total: number }): JSX.Element {
  const { t, i18n } = useTranslation();
  const { run } = useActions();
  const notify = useNotify();
  const [gathering, setGathering] = useState<JobAction>();

  const act = async (action: JobAction): Promise<void> => {
    setGathering(action);
    const jobs = await selection.gather().catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      notify(false, t('mirrors.gatherFailed', { reason }));
      return undefined;
    });
    setGathering(undefined);
    if (jobs === undefined) return;
    const targets = targetsOf(action, jobs);
    if (targets.length > 0) await run(action, targets);
    else notify(false, t('mirrors.noTarget', { action: t(`action.${action}`) }));
  };

  return (
    <section className={classes.bar} aria-label={t('mirrors.bulk')}>
      <CloseButton size="sm" aria-label={t('mirrors.clearSelection')} onClick={selection.clear} />
      <strong role="status">
        {t('mirrors.selected', { count: selection.count, total: count(selection.count, i18n.language) })}
      </strong>
      {selection.count < total && (
        <Button size="compact-sm" variant="subtle" onClick={selection.selectAll}>
          {t('mirrors.selectMatching', { count: total, total: count(total, i18n.language) })}
        </Button>
      )}
      <div className={classes.actions}>
        {bulkActions.map((action) => {
          const Icon = actionIcons[action];
          const targets = selection.known && targetsOf(action, selection.known).length;
          const word = t(`action.${action}`);
          const isSome = targets !== undefined && targets > 0 && targets < selection.count;
          return (
            <Button
              key={action}
              size="compact-sm"
              variant="default"
              leftSection={<Icon size={14} />}
              disabled={gathering !== undefined || targets === 0}
              onClick={() => {
                void act(action);
              }}
            >
              {gathering === action
                ? t('mirrors.gathering')
                : isSome
                  ? t('mirrors.bulkCount', { action: word, many: count(targets, i18n.language) })
                  : word}
            </Button>
          );
        })}
      </div>
    </section>
  );
}
