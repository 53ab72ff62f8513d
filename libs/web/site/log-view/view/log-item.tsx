import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { LogFile } from '../../api/types.js';
import { absoluteTime, millisOf } from '../../ui/format.js';
import { LogLine, type LogLineProps } from './log-row.js';
import classes from './log-view.module.css';
import type { LogAddress } from './use-log-address.js';
import type { ViewItem } from './view-items.js';

/** Props of {@link LogItem}. */
export interface LogItemProps {
  item: ViewItem;
  address: LogAddress;
  /** The log that is shown, if known. */
  file: LogFile | undefined;
  /** URL of the log. */
  href: string;
  isNarrow: boolean;
  /** The text to mark in the line at an offset. */
  needleOf: (offset: number) => LogLineProps['needle'];
}

/** A line of a log, or a note between lines. */
export function LogItem({ item, address, file, href, isNarrow, needleOf }: LogItemProps): JSX.Element {
  const { t, i18n } = useTranslation();
  switch (item.kind) {
    case 'row': {
      const { start, end } = item.row;
      return (
        <LogLine
          row={item.row}
          number={item.number}
          href={address.hrefOf(start)}
          rawHref={`${href}&from=${start}&to=${end}`}
          isNarrow={isNarrow}
          needle={needleOf(start)}
          onLink={address.link}
        />
      );
    }
    case 'began':
      return (
        <div className={classes.began}>
          {t('log.began')}{' '}
          <button
            type="button"
            tabIndex={-1}
            onClick={() => {
              address.pick(item.previous);
            }}
          >
            {t('log.previous')}
          </button>
        </div>
      );
    case 'ended': {
      const ended = millisOf(file?.time);
      const time = ended === undefined ? '–' : absoluteTime(ended, i18n.language);
      return (
        <div className={classes.ended}>{t(file?.failed ? 'log.endedFailed' : 'log.endedAt', { time })}</div>
      );
    }
  }
}
