import { NativeSelect, SegmentedControl, Switch } from '@mantine/core';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './page.module.css';
import { windows, type Hours, type TimelineView } from './timeline-view.js';

/** The controls of the timeline. */
export function Controls({
  view,
  workers,
  onChange,
}: {
  view: TimelineView;
  workers: readonly string[];
  onChange: (view: TimelineView) => void;
}): JSX.Element {
  const { t } = useTranslation();
  return (
    <div className={classes.controls}>
      <NativeSelect
        size="xs"
        className={classes.select}
        aria-label={t('timeline.worker')}
        value={view.worker}
        data={[
          { value: '', label: t('timeline.allWorkers') },
          ...workers.map((worker) => ({ value: worker, label: worker })),
        ]}
        onChange={({ currentTarget }) => {
          onChange({ ...view, worker: currentTarget.value });
        }}
      />
      <SegmentedControl
        size="xs"
        aria-label={t('timeline.window')}
        value={String(view.hours)}
        data={windows.map((hours) => ({
          value: String(hours),
          label: t('timeline.hours', { count: hours }),
        }))}
        onChange={(value) => {
          onChange({ ...view, hours: Number(value) as Hours, at: undefined });
        }}
      />
      <Switch
        size="xs"
        label={t('timeline.asList')}
        checked={view.isList}
        onChange={({ currentTarget }) => {
          onChange({ ...view, isList: currentTarget.checked });
        }}
      />
    </div>
  );
}
