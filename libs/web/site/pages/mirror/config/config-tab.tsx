import { Button, Switch, TextInput } from '@mantine/core';
import { IconCheck, IconCopy, IconSearch, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../../api/http.js';
import { queries } from '../../../api/queries.js';
import type { JobKey } from '../../../api/types.js';
import { copyText } from '../../../ui/copy-text.js';
import { LoadError, NothingHere } from '../../../ui/nothing-here.js';
import classes from './config-tab.module.css';
import { ConfigTable } from './config-table.js';
import { filterSettings, settingsText, type Setting } from './config-text.js';

/** The active configuration of a mirror, and the source of each value. */
export function ConfigTab({ worker, name }: JobKey): JSX.Element {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(queries.config({ worker, name }));
  if (data !== undefined) return <Settings settings={data.settings} />;
  if (error === null) return <p role="status">{t('load.loading')}</p>;
  if (error instanceof ApiError && error.status === 501) {
    return <NothingHere>{t('mirror.config.notOffered', { worker })}</NothingHere>;
  }
  return <LoadError error={error} retry={() => void refetch()} />;
}

function Settings({ settings }: { settings: readonly Setting[] }): JSX.Element {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [onlyChanged, setOnlyChanged] = useState(false);
  const shown = filterSettings(settings, text, onlyChanged);
  return (
    <div className={classes.config}>
      <div className={classes.tools}>
        <TextInput
          size="xs"
          type="search"
          className={classes.filter}
          aria-label={t('mirror.config.filter')}
          placeholder={t('mirror.config.filterHint')}
          leftSection={<IconSearch size={14} />}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
          }}
        />
        <Switch
          size="xs"
          label={t('mirror.config.changed')}
          checked={onlyChanged}
          onChange={(event) => {
            setOnlyChanged(event.currentTarget.checked);
          }}
        />
        <p className={classes.count} role="status">
          {t('mirror.config.shown', { shown: shown.length, count: settings.length })}
        </p>
        <CopyButton text={settingsText(shown)} />
      </div>
      {shown.length === 0 ? (
        <NothingHere>{t('mirror.config.none')}</NothingHere>
      ) : (
        <ConfigTable settings={shown} />
      )}
    </div>
  );
}

function CopyButton({ text }: { text: string }): JSX.Element {
  const { t } = useTranslation();
  // the result belongs to the text that was copied
  const [copied, setCopied] = useState<{ text: string; ok: boolean }>();
  const ok = copied?.text === text ? copied.ok : undefined;
  const Icon = ok === undefined ? IconCopy : ok ? IconCheck : IconX;
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={<Icon size={14} />}
      onClick={() => {
        void copyText(text).then((done) => {
          setCopied({ text, ok: done });
        });
      }}
    >
      <span aria-live="polite">
        {t(ok === undefined ? 'mirror.config.copy' : ok ? 'mirror.config.copied' : 'mirror.config.notCopied')}
      </span>
    </Button>
  );
}
