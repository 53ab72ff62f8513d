import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiWorker } from '../../api/types.js';
import { diskLevel, freeShare } from '../../ui/disk-level.js';
import { bytes } from '../../ui/format.js';
import { Meter } from '../../ui/meter.js';
import classes from './worker-details.module.css';

/** Usage of the file systems of mirrors. */
export function Disks({ filesystems }: { filesystems: NonNullable<ApiWorker['filesystems']> }): JSX.Element {
  const { t, i18n } = useTranslation();
  return (
    <ul className={classes.disks}>
      {filesystems.map((filesystem) => {
        const { path, free, total } = filesystem;
        const share = freeShare(filesystem);
        const level = diskLevel(filesystem);
        const text =
          share === undefined
            ? t('workers.notTold')
            : t('workers.diskText', { free: bytes(free, i18n.language), total: bytes(total, i18n.language) });
        return (
          <li key={path}>
            <span className={classes.path} title={path}>
              {path}
            </span>
            <span className={classes.free}>
              {text}
              {level === 'bad' && <strong data-level="bad"> · {t('workers.diskBad')}</strong>}
              {level === 'warning' && <strong data-level="warning"> · {t('workers.diskLow')}</strong>}
            </span>
            {share !== undefined && level !== 'unknown' && (
              <Meter share={1 - share} level={level} label={t('workers.diskLabel', { path })} text={text} />
            )}
          </li>
        );
      })}
    </ul>
  );
}
