import type { TFunction } from 'i18next';
import { ApiError } from '../../api/http.js';
import { count } from '../../ui/format.js';
import { searchPercent, type SearchHit, type SearchState } from './search-state.js';

/** Texts about a search: `progress` changes often, `result` is announced to screen readers. */
export interface SearchWords {
  readonly progress?: string;
  readonly result?: string;
  readonly error?: string;
}

/** Describes a search. */
export function searchWords(
  t: TFunction,
  state: SearchState,
  current: SearchHit | undefined,
  locale: string,
): SearchWords {
  if (state.phase === 'failed') return { error: reasonOf(state.error) };
  const { hits } = state;
  const total =
    state.phase === 'capped'
      ? t('log.search.capped', { total: count(hits.length, locale) })
      : count(hits.length, locale);
  const index = hits.findIndex(({ offset }) => offset === current?.offset);
  const at = count(index + 1, locale);
  const found = index === -1 ? t('log.search.nowhere', { total }) : t('log.search.at', { at, total });
  switch (state.phase) {
    case 'searching': {
      const progress = t('log.search.running', { percent: searchPercent(state) });
      return { progress: hits.length === 0 ? progress : `${found} · ${progress}` };
    }
    case 'cancelled':
      return {
        result: t('log.search.cancelled', { found: hits.length === 0 ? t('log.search.none') : found }),
      };
    case 'done':
    case 'capped':
      return { result: hits.length === 0 ? t('log.search.none') : found };
  }
}

/** The reason of a failure, in the words of the manager or worker. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  // the name of the parameter does not help users
  return error instanceof ApiError && error.status === 400 ? message.replace(/^q: /, '') : message;
}
