import { QueryClient } from '@tanstack/react-query';
import { ApiError } from '../api/http.js';

/** A cache of the manager's answers. Events keep them up to date, so they do not expire on their own. */
export const makeQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 60_000,
        refetchOnWindowFocus: false,
        // the manager would repeat other answers; the event stream retries lost connections
        retry: (failures, error) => failures < 1 && error instanceof ApiError && error.status >= 500,
        networkMode: 'always',
      },
    },
  });
