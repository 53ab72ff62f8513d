import { memo, type JSX } from 'react';
import { absoluteTime, relativeTime } from '../ui/format.js';
import { useNowText } from '../ui/now.js';
import { sizeText } from '../ui/size-text.js';
import { StateIcon, StateLabel } from '../ui/state-label.js';
import classes from './status-page.module.css';
import type { PublicMirror } from './web-status.js';
import type { Words } from './words.js';

/** A mirror. On a narrow screen, its first cell contains everything. */
export const StatusRow = memo(function StatusRow({
  mirror,
  index,
  words,
}: {
  mirror: PublicMirror;
  index: number;
  words: Words;
}): JSX.Element {
  const { name, state, lastUpdate, nextSync, size, upstream, link } = mirror;
  return (
    <tr role="row" aria-rowindex={index + 2} data-state={state}>
      <th role="rowheader" scope="row" data-column="name" title={name}>
        <span className={classes.icon}>
          <StateIcon state={state} size={18} />
        </span>
        <span className={classes.name}>{name}</span>
        <span className={classes.details}>
          <span style={{ color: `var(--state-${state})` }}>{words.word[state]}</span>
          {' · '}
          <Time at={lastUpdate} never={words.never} locale={words.locale} />
          {` · ${sizeText(size, words.locale)}`}
        </span>
      </th>
      <td role="cell" data-column="state">
        <StateLabel state={state}>{words.word[state]}</StateLabel>
      </td>
      <td role="cell" data-column="lastUpdate">
        <Time at={lastUpdate} never={words.never} locale={words.locale} isFull />
      </td>
      <td role="cell" data-column="size">
        {sizeText(size, words.locale)}
      </td>
      <td role="cell" data-column="nextSync">
        <Time at={nextSync} never="–" past={words.due} locale={words.locale} />
      </td>
      <td role="cell" data-column="upstream" title={upstream}>
        {link === undefined ? (
          upstream
        ) : (
          <a href={link} rel="noreferrer nofollow">
            {upstream}
          </a>
        )}
      </td>
    </tr>
  );
});

function Time({
  at,
  never,
  past,
  locale,
  isFull = false,
}: {
  at: number | undefined;
  never: string;
  /** Text for a time in the past. */
  past?: string;
  locale: string;
  isFull?: boolean;
}): JSX.Element {
  const words = useNowText((now) => {
    if (at === undefined) return never;
    return past !== undefined && at <= now ? past : relativeTime(at, now, locale);
  });
  if (at === undefined) return <span>{words}</span>;
  const absolute = absoluteTime(at, locale);
  return (
    <time dateTime={new Date(at).toISOString()} title={absolute}>
      {isFull ? <span className={classes.relative}>{words}</span> : words}
      {isFull && <span className={classes.absolute}>{absolute}</span>}
    </time>
  );
}
