import { ActionIcon, TextInput, Tooltip } from '@mantine/core';
import {
  IconChevronDown,
  IconChevronUp,
  IconLetterCase,
  IconRegex,
  IconSearch,
  IconX,
} from '@tabler/icons-react';
import { useEffect, useRef, useState, type ComponentType, type JSX, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import type { SearchQuery } from '../model/log-source.js';
import classes from './search-box.module.css';
import { searchWords } from './search-text.js';
import type { LogSearch } from './use-log-search.js';

/** Props of {@link SearchBox}. */
export interface SearchBoxProps {
  search: LogSearch;
  input: RefObject<HTMLInputElement | null>;
  /** Called while the user types, so that matches are marked at once. */
  onType: (query: SearchQuery) => void;
  /** The search is over: keys apply to the lines again. */
  onLeave: () => void;
}

/** Milliseconds between the last key and the search. */
const typingMs = 500;

/** Searches a log: Enter goes to the next match, Shift+Enter to the previous one, Escape ends the search. */
export function SearchBox({ search, input, onType, onLeave }: SearchBoxProps): JSX.Element {
  const { t, i18n } = useTranslation();
  const [query, setQuery] = useState<SearchQuery>({ text: '', regex: false, matchCase: false });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
    },
    [],
  );
  const { state } = search;
  const words = state && searchWords(t, state, search.current, i18n.language);
  const isRunning = state?.phase === 'searching';

  const change = (change: Partial<SearchQuery>, wait: number): void => {
    const next = { ...query, ...change };
    setQuery(next);
    onType(next);
    clearTimeout(timer.current);
    if (next.text === '') search.clear();
    else if (next.text.length > 1 || wait === 0) {
      timer.current = setTimeout(() => {
        search.start(next);
      }, wait);
    }
  };
  const enter = (direction: 1 | -1): void => {
    clearTimeout(timer.current);
    if (query.text === '') return;
    const isOver = state?.phase === 'failed' || (state?.phase === 'cancelled' && state.hits.length === 0);
    const isSame = state?.query === query && !isOver;
    if (isSame) search.step(direction);
    else search.start(query);
  };
  const end = (): void => {
    change({ text: '' }, 0);
    onLeave();
  };
  const toggle = (option: 'matchCase' | 'regex', Icon: ComponentType<{ size: number }>): JSX.Element => (
    <Tooltip withinPortal={false} label={t(`log.search.${option}`)}>
      <ActionIcon
        size="sm"
        variant={query[option] ? 'light' : 'subtle'}
        color={query[option] ? undefined : 'gray'}
        aria-label={t(`log.search.${option}`)}
        aria-pressed={query[option]}
        onClick={() => {
          change({ [option]: !query[option] }, 0);
        }}
      >
        <Icon size={16} />
      </ActionIcon>
    </Tooltip>
  );
  const step = (direction: 1 | -1): JSX.Element => (
    <ActionIcon
      size={30}
      variant="default"
      aria-label={t(direction === 1 ? 'log.search.next' : 'log.search.previous')}
      disabled={state === undefined || state.hits.length === 0}
      onClick={() => {
        search.step(direction);
      }}
    >
      {direction === 1 ? <IconChevronDown size={16} /> : <IconChevronUp size={16} />}
    </ActionIcon>
  );
  return (
    <div className={classes.search} role="search">
      <TextInput
        ref={input}
        className={classes.input}
        size="xs"
        type="text"
        maxLength={500}
        aria-label={t('log.search.label')}
        placeholder={t('log.search.placeholder')}
        autoComplete="off"
        spellCheck={false}
        value={query.text}
        error={words?.error}
        errorProps={{ role: 'alert' }}
        leftSection={<IconSearch size={14} aria-hidden />}
        rightSectionWidth={56}
        rightSection={
          <>
            {toggle('matchCase', IconLetterCase)}
            {toggle('regex', IconRegex)}
          </>
        }
        onChange={(event) => {
          change({ text: event.currentTarget.value }, typingMs);
        }}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === 'Enter') enter(event.shiftKey ? -1 : 1);
          else if (event.key === 'Escape') end();
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      {step(-1)}
      {step(1)}
      {words !== undefined && (
        <span className={classes.words}>
          {words.progress}
          <span role="status">{words.result}</span>
          {isRunning && (
            <ActionIcon
              size="sm"
              variant="subtle"
              color="gray"
              aria-label={t('log.search.cancel')}
              onClick={search.cancel}
            >
              <IconX size={14} />
            </ActionIcon>
          )}
        </span>
      )}
    </div>
  );
}
