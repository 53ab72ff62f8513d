import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconAlertTriangle, IconDotsVertical, IconDownload, IconTextWrap } from '@tabler/icons-react';
import type { JSX, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bytes } from '../../ui/format.js';
import { searchPercent } from '../search/search-state.js';
import { reasonOf } from '../search/search-text.js';
import type { LogSearch } from '../search/use-log-search.js';
import classes from './log-toolbar.module.css';

/** Props of {@link LogToolbar}. */
export interface LogToolbarProps {
  /** Controls that choose a log, and search it. */
  picker: ReactNode;
  searchBox: ReactNode;
  search: LogSearch;
  wrap: boolean;
  onWrap: (wrap: boolean) => void;
  onFirstError: () => void;
  /** URL of the log, and name of the downloaded file. */
  download: { href: string; name: string; size: number };
}

/** The tools of a log; on a phone, rarely needed ones are in a menu. */
export function LogToolbar(props: LogToolbarProps): JSX.Element {
  const { picker, searchBox, search } = props;
  const isNarrow = useMediaQuery('(max-width: 720px)', undefined, { getInitialValueInEffect: false });
  return (
    <div className={classes.toolbar}>
      <div className={classes.picker}>{picker}</div>
      {isNarrow && <NarrowTools {...props} />}
      {searchBox}
      <ErrorSearch search={search} />
      {!isNarrow && <WideTools {...props} />}
    </div>
  );
}

function WideTools({ wrap, onWrap, onFirstError, download }: LogToolbarProps): JSX.Element {
  const { t, i18n } = useTranslation();
  const downloadLabel = t('log.downloadSize', { size: bytes(download.size, i18n.language) });
  return (
    <div className={classes.tools}>
      <Tooltip withinPortal={false} label={t('log.firstErrorNote')}>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconAlertTriangle size={14} aria-hidden />}
          onClick={onFirstError}
        >
          {t('log.firstError')}
        </Button>
      </Tooltip>
      <Tooltip withinPortal={false} label={t('log.wrap')}>
        <ActionIcon
          size={30}
          variant={wrap ? 'light' : 'default'}
          aria-label={t('log.wrap')}
          aria-pressed={wrap}
          onClick={() => {
            onWrap(!wrap);
          }}
        >
          <IconTextWrap size={16} />
        </ActionIcon>
      </Tooltip>
      <Tooltip withinPortal={false} label={downloadLabel}>
        <ActionIcon
          component="a"
          size={30}
          variant="default"
          href={download.href}
          download={download.name}
          aria-label={downloadLabel}
        >
          <IconDownload size={16} />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}

function NarrowTools({ wrap, onWrap, onFirstError, download }: LogToolbarProps): JSX.Element {
  const { t, i18n } = useTranslation();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon size={30} variant="default" aria-label={t('log.tools')}>
          <IconDotsVertical size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconAlertTriangle size={16} aria-hidden />} onClick={onFirstError}>
          {t('log.firstError')}
        </Menu.Item>
        <Menu.CheckboxItem checked={wrap} onChange={onWrap} closeMenuOnClick>
          {t('log.wrap')}
        </Menu.CheckboxItem>
        <Menu.Item
          component="a"
          href={download.href}
          download={download.name}
          leftSection={<IconDownload size={16} aria-hidden />}
        >
          {t('log.downloadSize', { size: bytes(download.size, i18n.language) })}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Progress of the search for the first error, or that it found none. */
function ErrorSearch({ search: { errors, cancel } }: { search: LogSearch }): JSX.Element | null {
  const { t } = useTranslation();
  if (errors === undefined) return null;
  const isRunning = errors.phase === 'searching';
  const result = errors.phase === 'failed' ? reasonOf(errors.error) : t('log.noError');
  return (
    <span className={classes.words}>
      {isRunning && t('log.search.runningErrors', { percent: searchPercent(errors) })}
      <span role="status">{isRunning ? '' : result}</span>
      {isRunning && (
        <Button size="compact-xs" variant="default" onClick={cancel}>
          {t('log.search.cancel')}
        </Button>
      )}
    </span>
  );
}
