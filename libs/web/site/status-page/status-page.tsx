import { useDeferredValue, useMemo, useState, type JSX } from 'react';
import { clockTime, count } from '../ui/format.js';
import { StateIcon } from '../ui/state-label.js';
import classes from './status-page.module.css';
import { StatusTable } from './status-table.js';
import { useStatuses } from './use-statuses.js';
import { countMirrors, findMirrors, publicStates, type PublicOrder, type PublicState } from './web-status.js';
import type { Words } from './words.js';

/** The page `/ui/status`, for the users of a mirror site. */
export function StatusPage({ words, site }: { words: Words; site: string | undefined }): JSX.Element {
  const { mirrors, asOf, isLost, refresh } = useStatuses();
  const [text, setText] = useState('');
  const [state, setState] = useState<PublicState>();
  const [order, setOrder] = useState<PublicOrder>({ by: 'name', isDescending: false });
  // typing has priority over rendering
  const wanted = useDeferredValue(text);
  const found = useMemo(
    () => mirrors && findMirrors(mirrors, wanted, state, order),
    [mirrors, wanted, state, order],
  );
  const counts = useMemo(() => countMirrors(mirrors ?? []), [mirrors]);
  const chips = publicStates.filter((one) => counts.has(one) || one === state);
  const since = asOf === undefined ? undefined : clockTime(asOf, words.locale);

  return (
    <main className={classes.page}>
      <header className={classes.head}>
        <h1>{site ?? words.title}</h1>
        {site !== undefined && <span className={classes.dim}>{words.title}</span>}
        <span className={isLost ? classes.lost : classes.dim} role="status">
          {since !== undefined && (isLost ? words.lost(since) : words.refreshed(since))}
        </span>
      </header>
      {mirrors === undefined && isLost && (
        <div className={classes.nothing} role="alert">
          <p>{words.failed}</p>
          <button type="button" className={classes.chip} onClick={refresh}>
            {words.retry}
          </button>
        </div>
      )}
      {mirrors === undefined && !isLost && <p className={classes.nothing}>{words.loading}</p>}
      {mirrors?.length === 0 && <p className={classes.nothing}>{words.none}</p>}
      {mirrors !== undefined && mirrors.length > 0 && (
        <>
          <div className={classes.filters}>
            <input
              type="search"
              className={classes.search}
              aria-label={words.search}
              placeholder={words.search}
              autoComplete="off"
              spellCheck={false}
              value={text}
              onChange={(event) => {
                setText(event.currentTarget.value);
              }}
            />
            <div className={classes.chips} role="group" aria-label={words.states}>
              <button
                type="button"
                className={classes.chip}
                aria-pressed={state === undefined}
                onClick={() => {
                  setState(undefined);
                }}
              >
                {words.all(count(mirrors.length, words.locale))}
              </button>
              {chips.map((one) => (
                <button
                  key={one}
                  type="button"
                  className={classes.chip}
                  aria-pressed={state === one}
                  onClick={() => {
                    setState(state === one ? undefined : one);
                  }}
                >
                  <StateIcon state={one} size={14} /> {words.word[one]}{' '}
                  <span className={classes.dim}>{count(counts.get(one) ?? 0, words.locale)}</span>
                </button>
              ))}
            </div>
            <span className={classes.hidden} role="status">
              {words.shown(count(found?.length ?? 0, words.locale))}
            </span>
          </div>
          {found?.length === 0 ? (
            <p className={classes.nothing}>{words.noMatch}</p>
          ) : (
            <StatusTable
              mirrors={found ?? []}
              words={words}
              order={order}
              setOrder={setOrder}
              isLost={isLost}
            />
          )}
        </>
      )}
    </main>
  );
}
