import type { TFunction } from 'i18next';
import { useRef, useState, type JSX, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { ApiRunSpan } from '../../api/types.js';
import { pages } from '../../routes/routes.js';
import { clockTime } from '../../ui/format.js';
import { Section } from '../../ui/section.js';
import { runBars, runTotals, type RunBar } from './run-strip-data.js';
import classes from './run-strip.module.css';

/** Number of bars per time label. */
const labelEvery = 12;

/** The last 24 hours as bars. It is one tab stop: arrow keys move between bars. */
export function RunStrip({ runs }: { runs: readonly ApiRunSpan[] }): JSX.Element {
  const { t, i18n } = useTranslation();
  const bars = runBars(runs);
  const [at, setAt] = useState<number>();
  const [stop, setStop] = useState(bars.length - 1);
  const list = useRef<HTMLUListElement>(null);
  const span = (bar: RunBar): string =>
    t('overview.runs.span', {
      from: clockTime(bar.from, i18n.language),
      to: clockTime(bar.to, i18n.language),
    });
  const shown = at === undefined ? undefined : bars[at];
  const go = (event: KeyboardEvent): void => {
    const target = { ArrowLeft: stop - 1, ArrowRight: stop + 1, Home: 0, End: bars.length - 1 }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    list.current?.querySelectorAll('a')[Math.min(bars.length - 1, Math.max(0, target))]?.focus();
  };
  return (
    <Section
      title={t('overview.runs.title')}
      aside={
        shown === undefined ? <Counts {...runTotals(runs)} /> : <BarNote span={span(shown)} bar={shown} />
      }
    >
      <ul
        ref={list}
        className={`${classes.strip} live`}
        aria-label={t('overview.runs.label')}
        onKeyDown={go}
        onPointerLeave={() => {
          setAt(undefined);
        }}
      >
        {bars.map((bar, index) => (
          <li key={bar.time}>
            <Link
              href={`${pages.timeline}?hours=48&at=${encodeURIComponent(bar.time)}`}
              className={classes.bar}
              tabIndex={index === stop ? 0 : -1}
              aria-label={`${span(bar)}: ${countWords(t, bar).join(', ') || t('overview.runs.none')}`}
              onFocus={() => {
                setStop(index);
                setAt(index);
              }}
              onBlur={() => {
                setAt(undefined);
              }}
              onPointerEnter={() => {
                setAt(index);
              }}
            >
              <span data-part="killed" style={{ height: `${100 * bar.heights.killed}%` }} />
              <span data-part="bad" style={{ height: `${100 * bar.heights.bad}%` }} />
              <span data-part="good" style={{ height: `${100 * bar.heights.good}%` }} />
            </Link>
          </li>
        ))}
      </ul>
      <div className={classes.times} aria-hidden>
        {bars
          .filter((_, index) => index % labelEvery === 0)
          .map(({ from }) => (
            <span key={from}>{clockTime(from, i18n.language)}</span>
          ))}
        <span>{t('time.now')}</span>
      </div>
    </Section>
  );
}

type RunCounts = Pick<RunBar, 'good' | 'bad' | 'killed'>;
const kinds = ['good', 'bad', 'killed'] as const;

function countWords(t: TFunction, counts: RunCounts): string[] {
  return kinds
    .filter((kind) => counts[kind] > 0)
    .map((kind) => t(`overview.runs.${kind}`, { count: counts[kind] }));
}

function Counts(counts: RunCounts): JSX.Element {
  const { t } = useTranslation();
  const there = kinds.filter((kind) => counts[kind] > 0);
  if (there.length === 0) return <span>{t('overview.runs.none')}</span>;
  return (
    <span className={classes.counts}>
      {there.map((kind) => (
        <span key={kind} data-kind={kind}>
          {t(`overview.runs.${kind}`, { count: counts[kind] })}
        </span>
      ))}
    </span>
  );
}

function BarNote({ span, bar }: { span: string; bar: RunBar }): JSX.Element {
  return (
    <span className={classes.counts}>
      <span>{span}</span>
      <Counts {...bar} />
    </span>
  );
}
