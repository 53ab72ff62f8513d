import { expect } from '@jest/globals';
import { MantineProvider } from '@mantine/core';
import { Notifications, notifications } from '@mantine/notifications';
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import { act, cleanup, configure, render } from '@testing-library/react';
import { userEvent, type UserEvent } from '@testing-library/user-event';
import { ActionsProvider } from '../../site/actions/actions-provider.js';
import { changeLanguage, startI18n } from '../../site/i18n/i18n.js';
import { keepCacheLive } from '../../site/live/live-cache.js';
import { LiveProvider } from '../../site/live/live-context.js';
import { LiveFeed } from '../../site/live/live-feed.js';
import { App } from '../../site/shell/app.js';
import { makeQueryClient } from '../../site/shell/query-client.js';
import { theme } from '../../site/ui/theme.js';
import { FakeManager } from './fake-manager.js';

// milliseconds that a page may take on a busy machine
configure({ asyncUtilTimeout: 15_000 });

/** A page that a test has opened. */
export interface OpenPage {
  readonly manager: FakeManager;
  readonly user: UserEvent;
  readonly client: QueryClient;
}

const opened: (() => void)[] = [];
/** Errors that the pages wrote to the console. */
const problems: string[] = [];
let isStarted = false;

/**
 * Renders the pages at an address with the data of a {@link FakeManager}.
 *
 * @param path - below `/ui`, such as `/mirrors?q=debian`
 * @param options - `width`: of the window, in pixels; `prepare`: sets up the manager before the first request
 */
export async function openPage(
  path: string,
  { width = 1280, prepare }: { width?: number; prepare?: (manager: FakeManager) => void } = {},
): Promise<OpenPage> {
  const manager = new FakeManager();
  prepare?.(manager);
  globalThis.fetch = manager.fetch as typeof fetch;
  window.innerWidth = width;
  window.scrollY = 0;
  history.replaceState(null, '', `/ui${path}`);
  // eslint-disable-next-line no-console -- a page that complains has a fault
  console.error = (...words: unknown[]) => {
    const text = words.map(String).join(' ');
    // tests wait for visible results, not for each update
    if (!text.includes('not wrapped in act')) problems.push(text);
  };
  if (!isStarted) await startI18n();
  isStarted = true;
  const client = makeQueryClient();
  const feed = new LiveFeed();
  const endCache = keepCacheLive(client, feed);
  const endFeed = feed.open();
  opened.push(endFeed, endCache, () => {
    client.clear();
  });
  const user = userEvent.setup();
  render(
    <MantineProvider theme={theme} env="test">
      <Notifications limit={5} transitionDuration={0} />
      <QueryClientProvider client={client}>
        <LiveProvider value={feed}>
          <ActionsProvider>
            <App />
          </ActionsProvider>
        </LiveProvider>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { manager, user, client };
}

/** Closes all pages that {@link openPage} opened; for `afterEach`. */
export async function closePages(): Promise<void> {
  for (const end of opened.splice(0)) end();
  act(() => {
    notifications.clean();
  });
  cleanup();
  if (isStarted) await changeLanguage('en');
  localStorage.clear();
  expect(problems.splice(0)).toEqual([]);
}
