import { Button } from '@mantine/core';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import classes from './more-rows.module.css';

/** Rows that a list shows at first. */
export const shownAtFirst = 12;

/** Below a list: shows the rest of its rows, or leads to where all are. */
export function MoreRows({
  hidden,
  further,
  href,
  onShow,
}: {
  /** Rows that are there and not shown. */
  hidden: number;
  /** Rows that the manager did not send. */
  further: number;
  /** Where all are. */
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
