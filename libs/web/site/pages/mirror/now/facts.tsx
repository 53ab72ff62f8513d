import type { JSX, ReactNode } from 'react';
import classes from './facts.module.css';

/** Facts under a heading. */
export function Card({
  title,
  children,
  wide = false,
}: {
  title: string;
  children: ReactNode;
  /** Takes the whole width. */
  wide?: boolean;
}): JSX.Element {
  return (
    <section className={classes.card} data-wide={wide || undefined} aria-label={title}>
      <h2 className={classes.title}>{title}</h2>
      {children}
    </section>
  );
}

/** Pairs of a name and a value; pairs with an undefined value are omitted. */
export function Facts({ facts }: { facts: readonly (readonly [string, ReactNode])[] }): JSX.Element {
  return (
    <dl className={`${classes.facts} live`}>
      {facts
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => (
          <div key={name} className={classes.fact}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** Cards side by side, as many as fit. */
export function Cards({ children }: { children: ReactNode }): JSX.Element {
  return <div className={classes.cards}>{children}</div>;
}
