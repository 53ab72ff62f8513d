import { useId, type JSX, type ReactNode } from 'react';
import classes from './section.module.css';

/**
 * A part of a page on a card with a heading. @param count - after the heading @param aside - at the end of its
 * line
 */
export function Section({
  title,
  count,
  aside,
  children,
}: {
  title: string;
  count?: string | undefined;
  aside?: ReactNode;
  children: ReactNode;
}): JSX.Element {
  const id = useId();
  return (
    <section className={classes.section} aria-labelledby={id}>
      <div className={classes.head}>
        <h2 id={id} className={classes.title}>
          {title}
        </h2>
        {count !== undefined && <span className={`${classes.count} live`}>{count}</span>}
        {aside !== undefined && <div className={`${classes.aside} live`}>{aside}</div>}
      </div>
      {children}
    </section>
  );
}
