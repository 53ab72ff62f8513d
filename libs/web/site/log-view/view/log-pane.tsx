import { useLocalStorage, useMediaQuery } from '@mantine/hooks';
import { useMemo, useRef, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { JobKey, LogFile } from '../../api/types.js';
import { logUrl, managerLogs, plainLogName, type SearchQuery } from '../model/log-source.js';
import { isAtTail } from '../model/log-state.js';
import { useFreshList } from '../model/use-fresh-list.js';
import { useLogModel } from '../model/use-log-model.js';
import { SearchBox } from '../search/search-box.js';
import { useLogSearch } from '../search/use-log-search.js';
import { LogFoot, ToEndButton } from './log-foot.js';
import { LogItem } from './log-item.js';
import { LogLines } from './log-lines.js';
import { LogNotices } from './log-notices.js';
import { LogPicker } from './log-picker.js';
import { LogToolbar } from './log-toolbar.js';
import classes from './log-view.module.css';
import type { SeenBytes } from './place.js';
import { Scrubber } from './scrubber.js';
import { useLogAddress } from './use-log-address.js';
import { useLogKeys } from './use-log-keys.js';
import { useRestOfHeight } from './use-rest-of-height.js';
import { viewItems, type ViewItem } from './view-items.js';

/** One log with its tools. @param logs - all logs of the mirror, the newest first; at least one */
export function LogPane({ worker, name, logs }: JobKey & { logs: readonly LogFile[] }): JSX.Element {
  const { t } = useTranslation();
  const source = useMemo(() => managerLogs({ worker, name }), [worker, name]);
  const { model, state } = useLogModel(source);
  const address = useLogAddress(model, state, logs);
  const [seen, setSeen] = useState<SeenBytes>({ from: 0, to: 0 });
  const search = useLogSearch(source, model, state.log, () => seen.from);
  const [typed, setTyped] = useState<SearchQuery>();
  const isNarrow = useMediaQuery('(max-width: 720px)', undefined, { getInitialValueInEffect: false });
  const [wrapped, setWrapped] = useLocalStorage<boolean | null>({
    key: 'tunasync-log-wrap',
    defaultValue: null,
    getInitialValueInEffect: false,
  });
  const wrap = wrapped ?? isNarrow;
  const pane = useRef<HTMLElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const height = useRestOfHeight(panel);

  const file = logs.find((log) => plainLogName(log.name) === state.log);
  const isOver = file !== undefined && file.live !== true;
  useFreshList({ worker, name }, state);
  const items = useMemo(() => viewItems(state, isOver), [state, isOver]);
  const toEnd = (): void => {
    address.forgetPlace();
    void model.toEnd();
  };
  const onKey = useLogKeys({
    pane,
    input,
    search,
    model,
    toEnd,
    link: () => {
      address.link(seen.from);
    },
  });
  const needleOf = (offset: number): { text: string; matchCase: boolean } | undefined => {
    if (typed === undefined || typed.text === '') return undefined;
    if (!typed.regex) return typed;
    const hit = search.state?.hits.find((one) => one.offset === offset);
    return hit && { text: hit.text.slice(...hit.match), matchCase: true };
  };
  const href = logUrl({ worker, name }, state.log);
  const render = (item: ViewItem): JSX.Element => (
    <LogItem {...{ item, address, file, href, isNarrow, needleOf }} />
  );
  const markOf = (item: ViewItem): 'marked' | 'hit' | undefined => {
    if (item.kind !== 'row') return undefined;
    const holds = (offset: number | undefined): boolean =>
      offset !== undefined && item.row.start <= offset && offset < item.row.end;
    return holds(search.current?.offset) ? 'hit' : holds(address.at) ? 'marked' : undefined;
  };
  const { following, unseen } = state.follow;
  const atEnd = isAtTail(state) && seen.to >= state.window.end;
  return (
    <section ref={pane} className={classes.pane} aria-label={t('log.title')}>
      <LogToolbar
        picker={<LogPicker logs={logs} value={state.log} onChange={address.pick} />}
        searchBox={
          <SearchBox
            search={search}
            input={input}
            onType={setTyped}
            onLeave={() => panel.current?.querySelector<HTMLElement>('[role=log]')?.focus()}
          />
        }
        search={search}
        wrap={wrap}
        onWrap={setWrapped}
        onFirstError={() => {
          search.findError(address.link);
        }}
        download={{ href, name: `${state.log}.txt`, size: state.size }}
      />
      <div ref={panel} className={classes.panel} style={{ height }}>
        <LogNotices state={state} onNewest={address.newest} onRetry={address.again} />
        <div className={classes.body}>
          <LogLines
            name={name}
            model={model}
            state={state}
            items={items}
            wrap={wrap}
            isNarrow={isNarrow}
            render={render}
            markOf={markOf}
            onSeen={setSeen}
            onKey={onKey}
          />
          {state.phase === 'ready' && state.size === 0 && (
            <p className={classes.empty}>{t(isOver ? 'log.emptyEnded' : 'log.empty')}</p>
          )}
          <Scrubber
            seen={seen}
            size={state.size}
            hits={search.state?.hits.map(({ offset }) => offset) ?? []}
            onJump={(offset) => void model.jump(offset, 'start')}
            onEnd={toEnd}
          />
          {!following && (unseen > 0 || !atEnd) && <ToEndButton unseen={unseen} onClick={toEnd} />}
        </div>
        <LogFoot state={state} at={atEnd ? state.size : seen.to} isOver={isOver} />
      </div>
    </section>
  );
}
