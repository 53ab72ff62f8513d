import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { absoluteTime, dayTime, duration, millisOf, relativeTime } from './format.js';
import { useNow, useNowText } from './now.js';

/** A relative time such as `3 hours ago`, with the full time on hover. The zero time is `never`. */
export function RelativeTime({ time, never }: { time: string | undefined; never?: string }): JSX.Element {
  const { t, i18n } = useTranslation();
  const millis = millisOf(time);
  const words = useNowText((now) => (millis === undefined ? '' : relativeTime(millis, now, i18n.language)));
  if (millis === undefined) return <span>{never ?? t('time.never')}</span>;
  return (
    <time dateTime={time} title={absoluteTime(millis, i18n.language)}>
      {words}
    </time>
  );
}

/** The time since a start, such as `3 h 12 min`. */
export function Elapsed({ since }: { since: string }): JSX.Element {
  const { i18n } = useTranslation();
  const now = useNow();
  const millis = millisOf(since);
  return <span>{millis === undefined ? '–' : duration((now - millis) / 1000, i18n.language)}</span>;
}

/** A relative time with the absolute one. */
export function TimeAndAge({ time, never }: { time: string; never?: string }): JSX.Element {
  const { i18n } = useTranslation();
  const millis = millisOf(time);
  return (
    <>
      <RelativeTime time={time} never={never} />
      {millis !== undefined && (
        <>
          {' '}
          <small>{dayTime(millis, i18n.language)}</small>
        </>
      )}
    </>
  );
}
