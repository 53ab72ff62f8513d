import { IconLock } from '@tabler/icons-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './config-tab.module.css';
import { placeOf, type Setting } from './config-text.js';

/** Active settings: key, value and source. */
export function ConfigTable({ settings }: { settings: readonly Setting[] }): JSX.Element {
  const { t } = useTranslation();
  return (
    <table className={classes.table} aria-label={t('mirror.config.table')}>
      <thead>
        <tr>
          <th scope="col">{t('mirror.config.key')}</th>
          <th scope="col">{t('mirror.config.value')}</th>
          <th scope="col">{t('mirror.config.source')}</th>
        </tr>
      </thead>
      <tbody>
        {settings.map((setting) => (
          <tr key={setting.key} data-source={setting.source}>
            <th scope="row">{setting.key}</th>
            <td>
              {setting.masked === true && (
                <span
                  role="img"
                  className={classes.lock}
                  title={t('mirror.config.masked')}
                  aria-label={t('mirror.config.masked')}
                >
                  <IconLock size={14} aria-hidden />
                </span>
              )}
              <code>{setting.value}</code>
            </td>
            <td>
              <Source setting={setting} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const known = ['mirror', 'parent', 'default'] as const;

/** The source of a setting. Tables of the worker's file are shown by their names. */
function Source({ setting }: { setting: Setting }): JSX.Element {
  const { t } = useTranslation();
  const { source, file, line } = setting;
  const word = known.find((one) => one === source);
  const place = placeOf(setting);
  return (
    <span className={classes.source}>
      <span className={classes.chip} data-source={source}>
        {word === undefined ? `[${source}]` : t(`mirror.config.sources.${word}`)}
      </span>
      {place !== undefined && (
        <code title={line === undefined ? file : `${file ?? ''}:${line}`}>{place}</code>
      )}
    </span>
  );
}
