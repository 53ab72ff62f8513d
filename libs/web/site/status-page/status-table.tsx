import { useRef, useSyncExternalStore, type JSX } from 'react';
import classes from './status-page.module.css';
import { StatusRow } from './status-row.js';
import { useSeenRows } from './use-seen-rows.js';
import type { PublicMirror, PublicOrder } from './web-status.js';
import type { Words } from './words.js';

/** Height of a row, pixels. */
const rowHeight = { wide: 36, narrow: 56 };
const narrow = matchMedia('(max-width: 720px)');

function followWidth(onChange: () => void): () => void {
  narrow.addEventListener('change', onChange);
  return () => {
    narrow.removeEventListener('change', onChange);
  };
}

/** The mirrors as a table. Only visible rows are in the page. */
export function StatusTable({
  mirrors,
  words,
  order,
  setOrder,
  isLost,
}: {
  mirrors: readonly PublicMirror[];
  words: Words;
  order: PublicOrder;
  setOrder: (order: PublicOrder) => void;
  isLost: boolean;
}): JSX.Element {
  const body = useRef<HTMLTableSectionElement>(null);
  const isNarrow = useSyncExternalStore(followWidth, () => narrow.matches);
  const height = isNarrow ? rowHeight.narrow : rowHeight.wide;
  const [first, end] = useSeenRows(body, height, mirrors.length);

  const sortable = (by: PublicOrder['by']): JSX.Element => {
    const isBy = order.by === by;
    const direction = order.isDescending ? 'descending' : 'ascending';
    return (
      <th role="columnheader" scope="col" data-column={by} aria-sort={isBy ? direction : undefined}>
        <button
          type="button"
          onClick={() => {
            // the latest ones are the most interesting
            setOrder({ by, isDescending: isBy ? !order.isDescending : by === 'lastUpdate' });
          }}
        >
          {words[by]}
          <span aria-hidden>{isBy ? (order.isDescending ? ' ↓' : ' ↑') : ''}</span>
        </button>
      </th>
    );
  };
  return (
    <table
      role="table"
      className={classes.table}
      data-lost={isLost || undefined}
      aria-rowcount={mirrors.length + 1}
    >
      <caption className={classes.hidden}>{words.title}</caption>
      <thead role="rowgroup">
        <tr role="row" aria-rowindex={1}>
          {sortable('name')}
          <th role="columnheader" scope="col" data-column="state">
            {words.state}
          </th>
          {sortable('lastUpdate')}
          <th role="columnheader" scope="col" data-column="size">
            {words.size}
          </th>
          <th role="columnheader" scope="col" data-column="nextSync">
            {words.nextSync}
          </th>
          <th role="columnheader" scope="col" data-column="upstream">
            {words.upstream}
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup" ref={body}>
        <Space height={first * height} />
        {mirrors.slice(first, end).map((mirror, index) => (
          <StatusRow key={mirror.key} mirror={mirror} index={first + index} words={words} />
        ))}
        <Space height={(mirrors.length - end) * height} />
      </tbody>
    </table>
  );
}

/** Takes the place of rows that are not rendered. */
function Space({ height }: { height: number }): JSX.Element | null {
  return height > 0 ? (
    <tr aria-hidden className={classes.space}>
      <td colSpan={6} style={{ height }} />
    </tr>
  ) : null;
}
