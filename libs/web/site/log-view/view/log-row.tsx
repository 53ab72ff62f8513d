import type { CSSProperties, JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { bytes, count } from '../../ui/format.js';
import { spansOf, type Span, type SpanColour } from '../lines/ansi-spans.js';
import { markPlaces, placesOf, type MarkedSpan } from '../lines/mark-matches.js';
import type { LogRow } from '../lines/rows.js';
import classes from './log-row.module.css';

/** Props of {@link LogLine}. */
export interface LogLineProps {
  row: LogRow;
  /** Line number, from 1; undefined if unknown. */
  number: number | undefined;
  /** Address of the page with this line marked. */
  href: string;
  /** URL of the complete line if it is too long. */
  rawHref: string;
  /** Whether there is little room: unknown numbers are then not replaced by offsets. */
  isNarrow: boolean;
  /** The text to mark. */
  needle: { text: string; matchCase: boolean } | undefined;
  onLink: (offset: number) => void;
}

/** A line of a log with a link to it: its number or, if unknown, its offset. */
export function LogLine({ row, number, href, rawHref, isNarrow, needle, onLink }: LogLineProps): JSX.Element {
  const { t, i18n } = useTranslation();
  const { start, end, cut } = row;
  if (row.kind === 'hole') {
    return <div className={classes.note}>{t('log.cutOut', { size: bytes(end - start, i18n.language) })}</div>;
  }
  const place = count(number ?? start, i18n.language);
  const label =
    number === undefined ? t('log.byteLink', { byte: place }) : t('log.lineLink', { line: place });
  return (
    <>
      <a
        className={classes.gutter}
        href={href}
        tabIndex={-1}
        aria-label={label}
        title={number === undefined ? t('log.byteNote') : undefined}
        data-bytes={number === undefined || undefined}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
          event.preventDefault();
          onLink(start);
        }}
      >
        {row.continues ? '⋯' : isNarrow && number === undefined ? '#' : place}
      </a>
      <span className={classes.text}>
        <LineText text={row.text} needle={needle} />
        {cut > 0 && (
          <a className={classes.cut} href={rawHref} target="_blank" rel="noreferrer" tabIndex={-1}>
            {t('log.cutLine', { size: bytes(cut, i18n.language) })}
          </a>
        )}
      </span>
    </>
  );
}

function LineText({ text, needle }: { text: string; needle: LogLineProps['needle'] }): JSX.Element {
  const spans = spansOf(text);
  const marked = needle === undefined ? spans : markPlaces(spans, placesIn(spans, needle));
  return (
    <>
      {marked.map((span, index) => (
        <SpanText key={index} span={span} />
      ))}
    </>
  );
}

function placesIn(
  spans: readonly Span[],
  { text, matchCase }: NonNullable<LogLineProps['needle']>,
): [number, number][] {
  return placesOf(spans.map((span) => span.text).join(''), text, matchCase);
}

function SpanText({ span }: { span: Span | MarkedSpan }): JSX.Element {
  const { text, foreground, background, styles } = span;
  const isPlain = foreground === undefined && background === undefined && styles.length === 0;
  const content = 'isMatch' in span && span.isMatch ? <mark className={classes.match}>{text}</mark> : text;
  if (isPlain) return <>{content}</>;
  const style = {
    '--fg': colourOf(foreground),
    '--bg': colourOf(background),
  } as CSSProperties;
  return (
    <span
      className={classes.span}
      style={style}
      data-fg={kindOf(foreground)}
      data-bg={kindOf(background)}
      data-style={styles.join(' ') || undefined}
    >
      {content}
    </span>
  );
}

function colourOf(colour: SpanColour | undefined): string | undefined {
  if (colour === undefined) return undefined;
  return 'named' in colour ? `var(--ansi-${colour.named})` : colour.rgb;
}

function kindOf(colour: SpanColour | undefined): 'named' | 'mixed' | undefined {
  return colour === undefined ? undefined : 'named' in colour ? 'named' : 'mixed';
}
