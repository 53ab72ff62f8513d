import { NativeSelect } from '@mantine/core';
import { useMemo, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { LogFile } from '../../api/types.js';
import { bytes, millisOf } from '../../ui/format.js';
import { plainLogName } from '../model/log-source.js';

/** A list of the logs of a mirror, the newest first. */
export function LogPicker({
  logs,
  value,
  onChange,
}: {
  logs: readonly LogFile[];
  value: string;
  onChange: (log: string) => void;
}): JSX.Element {
  const { t, i18n } = useTranslation();
  // names of logs contain their minute
  const time = useMemo(
    () =>
      new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' }),
    [i18n.language],
  );
  const options = logs.map((log, index) => {
    const started = millisOf(log.started);
    const words = [
      started === undefined ? log.name : time.format(started),
      log.failed ? `✗ ${t('log.failed')}` : undefined,
      log.live === true ? t('log.running') : index === 0 ? t('log.newest') : undefined,
      log.live === true ? undefined : bytes(log.size, i18n.language),
    ];
    return { value: plainLogName(log.name), label: words.filter(Boolean).join(' · ') };
  });
  // a log that is no longer in the list may still be the one that is shown
  if (!options.some((option) => option.value === value)) options.unshift({ value, label: value });
  return (
    <NativeSelect
      size="xs"
      aria-label={t('log.pick')}
      data={options}
      value={value}
      onChange={(event) => {
        onChange(event.currentTarget.value);
      }}
    />
  );
}
