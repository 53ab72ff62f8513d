import { MantineProvider } from '@mantine/core';
import '@mantine/core/styles.layer.css';
import { Notifications } from '@mantine/notifications';
import '@mantine/notifications/styles.layer.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ActionsProvider } from './actions/actions-provider.js';
import { startI18n } from './i18n/i18n.js';
import { keepCacheLive } from './live/live-cache.js';
import { LiveProvider } from './live/live-context.js';
import { LiveFeed } from './live/live-feed.js';
import { base } from './routes/raw-location.js';
import { App } from './shell/app.js';
import { loadPagesLater, startPage } from './shell/page-parts.js';
import { makeQueryClient } from './shell/query-client.js';
import { theme } from './ui/theme.js';
import './ui/tokens.css';

const queryClient = makeQueryClient();
const feed = new LiveFeed();
keepCacheLive(queryClient, feed);
feed.open();
startPage(queryClient, location.pathname.slice(base.length), location.search);
loadPagesLater();
await startI18n();

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto">
        <Notifications position="bottom-right" limit={5} />
        <QueryClientProvider client={queryClient}>
          <LiveProvider value={feed}>
            <ActionsProvider>
              <App />
            </ActionsProvider>
          </LiveProvider>
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
