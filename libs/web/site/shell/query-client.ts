import { QueryClient } from '@tanstack/react-query';
import { ApiError } from '../api/http.js';

/** Keeps what was asked for. Events keep it up to date, so that it does not grow old by itself. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 60_000,
      refetchOnWindowFocus: false,
      // what the manager said it will say again; a lost connection is tried again by the event stream
      retry: (failures, error) => failures < 1 && error instanceof ApiError && error.status >= 500,
      networkMode: 'always',
    },
  },
});
