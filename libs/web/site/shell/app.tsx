import { lazy, type JSX } from 'react';
import { Route, Router, Switch } from 'wouter';
import { NotFound } from './not-found.js';
import { Shell } from './shell.js';

const OverviewPage = lazy(async () => ({
  default: (await import('../pages/overview/page.js')).OverviewPage,
}));
const MirrorsPage = lazy(async () => ({ default: (await import('../pages/mirrors/page.js')).MirrorsPage }));
const MirrorPage = lazy(async () => ({ default: (await import('../pages/mirror/page.js')).MirrorPage }));
const WorkersPage = lazy(async () => ({ default: (await import('../pages/workers/page.js')).WorkersPage }));
const TimelinePage = lazy(async () => ({
  default: (await import('../pages/timeline/page.js')).TimelinePage,
}));

/** Below which path the pages are. */
const base = new URL(document.baseURI).pathname.replace(/\/$/, '');

/** The pages and their addresses. */
export function App(): JSX.Element {
  return (
    <Router base={base}>
      <Shell>
        <Switch>
          <Route path="/" component={OverviewPage} />
          <Route path="/mirrors" component={MirrorsPage} />
          <Route path="/mirrors/:worker/:name">
            {({ worker, name }) => <MirrorPage key={`${worker}/${name}`} worker={worker} name={name} />}
          </Route>
          <Route path="/workers" component={WorkersPage} />
          <Route path="/timeline" component={TimelinePage} />
          <Route component={NotFound} />
        </Switch>
      </Shell>
    </Router>
  );
}
