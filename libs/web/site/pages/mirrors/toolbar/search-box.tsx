import { TextInput } from '@mantine/core';
import { IconSearch, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState, type JSX, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { mostSearched } from '../data/mirrors-view.js';
import classes from './toolbar.module.css';

/** Milliseconds without a key before the search starts. */
const pauseMs = 150;

/** The search box. It shows text at once; the search follows after a pause. */
export function SearchBox({
  q,
  setQ,
  box,
}: {
  q: string;
  setQ: (q: string) => void;
  box: RefObject<HTMLInputElement | null>;
}): JSX.Element {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<string>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
    },
    [],
  );
  const change = (text: string, pause: number): void => {
    setTyped(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      setQ(text);
      setTyped(undefined);
    }, pause);
  };
  const text = typed ?? q;
  return (
    <TextInput
      ref={box}
      type="search"
      size="xs"
      className={classes.search}
      aria-label={t('mirrors.search')}
      placeholder={t('mirrors.search')}
      aria-keyshortcuts="/"
      maxLength={mostSearched}
      spellCheck={false}
      autoComplete="off"
      leftSection={<IconSearch size={14} />}
      rightSection={
        text === '' ? (
          <kbd className={classes.key}>/</kbd>
        ) : (
          <button
            type="button"
            className={classes.clear}
            aria-label={t('mirrors.clearSearch')}
            onClick={() => {
              change('', 0);
              box.current?.focus();
            }}
          >
            <IconX size={14} />
          </button>
        )
      }
      value={text}
      onChange={(event) => {
        change(event.currentTarget.value, pauseMs);
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        if (text === '') event.currentTarget.blur();
        else change('', 0);
      }}
    />
  );
}
