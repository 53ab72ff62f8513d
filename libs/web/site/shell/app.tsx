import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Route, Router, Switch } from 'wouter';
import { unescapePart } from '../routes/escapes.js';
import { base, useRawLocation, useRawSearch } from '../routes/raw-location.js';
import { NothingHere } from '../ui/nothing-here.js';
import { MirrorPage, MirrorsPage, OverviewPage, TimelinePage, WorkersPage } from './page-parts.js';
import { Shell } from './shell.js';

/** The pages and their addresses. */
export function App(): JSX.Element {
  return (
    <Router base={base} hook={useRawLocation} searchHook={useRawSearch}>
      <Shell>
        <Switch>
          <Route path="/" component={OverviewPage} />
          <Route path="/mirrors" component={MirrorsPage} />
          <Route path="/mirrors/:worker/:name">
            {({ worker, name }) => (
              <MirrorPage key={`${worker}/${name}`} worker={unescapePart(worker)} name={unescapePart(name)} />
            )}
          </Route>
          <Route path="/workers" component={WorkersPage} />
          <Route path="/timeline" component={TimelinePage} />
          <Route component={NotFound} />
        </Switch>
      </Shell>
    </Router>
  );
}

/** Shown at unknown addresses. */
function NotFound(): JSX.Element {
  const { t } = useTranslation();
  return <NothingHere>{t('nav.notFound')}</NothingHere>;
}
