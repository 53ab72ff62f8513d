import type { JSX } from 'react';
import { Route, Router, Switch } from 'wouter';
import { unescapePart } from './escapes.js';
import { NotFound } from './not-found.js';
import { MirrorPage, MirrorsPage, OverviewPage, TimelinePage, WorkersPage } from './page-parts.js';
import { base, useRawLocation, useRawSearch } from './raw-location.js';
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
