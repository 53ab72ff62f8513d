import {
  IconActivity,
  IconApi,
  IconCalendarTime,
  IconServer,
  IconStack2,
  IconWorld,
} from '@tabler/icons-react';
import { type ComponentType, type JSX, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { pages } from '../routes/routes.js';
import { ConnectionDot, ConnectionNote } from './connection-note.js';
import { PageBoundary } from './page-boundary.js';
import { PreferencesMenu } from './preferences-menu.js';
import classes from './shell.module.css';

const links: readonly [keyof typeof pages, ComponentType<{ size: number }>][] = [
  ['overview', IconActivity],
  ['mirrors', IconStack2],
  ['workers', IconServer],
  ['timeline', IconCalendarTime],
];

/** The frame of every page: navigation, and the state of the connection. */
export function Shell({ children }: { children: ReactNode }): JSX.Element {
  const { t } = useTranslation();
  const [location] = useLocation();
  return (
    <>
      <a className={classes.skip} href="#content" onClick={skipToContent}>
        {t('nav.skip')}
      </a>
      <header className={classes.header}>
        <Link href={pages.overview} className={classes.brand}>
          <img src="icon.svg" alt="" width={20} height={20} />
          tunasync
        </Link>
        <nav className={classes.nav} aria-label={t('nav.menu')}>
          {links.map(([page, Icon]) => {
            const path = pages[page];
            const isHere = path === '/' ? location === '/' : location.startsWith(path);
            return (
              <Link
                key={page}
                href={path}
                className={classes.link}
                aria-current={isHere ? 'page' : undefined}
              >
                <Icon size={16} />
                <span>{t(`nav.${page}`)}</span>
              </Link>
            );
          })}
        </nav>
        <div className={classes.side}>
          <ConnectionDot />
          <a className={classes.link} href="status" title={t('nav.status')} aria-label={t('nav.status')}>
            <IconWorld size={16} />
          </a>
          <a className={classes.link} href="api" title={t('nav.api')} aria-label={t('nav.api')}>
            <IconApi size={16} />
          </a>
          <PreferencesMenu />
        </div>
      </header>
      <ConnectionNote />
      <main id="content" tabIndex={-1} className={classes.content}>
        <PageBoundary key={location}>{children}</PageBoundary>
      </main>
    </>
  );
}

/** A plain link would go to the page's base. */
function skipToContent(event: { preventDefault: () => void }): void {
  event.preventDefault();
  document.getElementById('content')?.focus();
}
