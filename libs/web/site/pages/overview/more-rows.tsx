import { Button } from '@mantine/core';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import classes from './more-rows.module.css';

/** Rows that a list shows initially. */
export const shownAtFirst = 12;

/** Shows more rows of a list, or links to all of them. */
export function MoreRows({
  hidden,
  further,
  href,
  onShow,
}: {
  /** Loaded rows that are hidden. */
  hidden: number;
  /** Rows that are not loaded. */
  further: number;
  /** Address of the complete list. */
  href: string;
  onShow: () => void;
}): JSX.Element | null {
  const { t } = useTranslation();
  if (hidden === 0 && further <= 0) return null;
  return (
    <div className={classes.more}>
      {hidden > 0 ? (
        <Button size="compact-sm" variant="subtle" onClick={onShow}>
          {t('overview.showMore', { count: hidden })}
        </Button>
      ) : (
        <Link href={href}>{t('overview.seeAll', { count: further })}</Link>
      )}
    </div>
  );
}
