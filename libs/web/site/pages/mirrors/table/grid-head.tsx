import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import type { ReactTable } from '@tanstack/react-table';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiJob } from '../../../api/types.js';
import type { RowSelection } from '../selection/use-row-clicks.js';
import type { MirrorColumn, mirrorFeatures } from './columns.js';
import classes from './mirror-grid.module.css';

const directions = { asc: 'ascending', desc: 'descending' } as const;

/** The headers of the columns, which sort, and a checkbox that selects everything. */
export function GridHead({
  table,
  selection,
  total,
}: {
  table: ReactTable<typeof mirrorFeatures, ApiJob>;
  selection: RowSelection;
  total: number;
}): JSX.Element {
  const { t } = useTranslation();
  const isAll = total > 0 && selection.count >= total;
  return (
    <div role="rowgroup" className={classes.head}>
      <div role="row" className={classes.headRow} aria-rowindex={1}>
        <div role="columnheader" className={classes.headCell} data-column="select">
          <input
            type="checkbox"
            aria-label={t('mirrors.selectAll')}
            checked={isAll}
            ref={(box) => {
              if (box !== null) box.indeterminate = selection.count > 0 && !isAll;
            }}
            onChange={() => {
              if (isAll) selection.clear();
              else selection.selectAll();
            }}
          />
        </div>
        {table.getFlatHeaders().map(({ id, column }) => {
          const name = t(`mirrors.column.${id as MirrorColumn}`);
          const sorted = column.getIsSorted();
          return (
            <div
              key={id}
              role="columnheader"
              className={classes.headCell}
              data-column={id}
              aria-sort={sorted === false ? undefined : directions[sorted]}
            >
              {column.getCanSort() ? (
                <button type="button" className={classes.sort} onClick={column.getToggleSortingHandler()}>
                  {name}
                  {sorted === 'asc' && <IconArrowUp size={14} aria-hidden />}
                  {sorted === 'desc' && <IconArrowDown size={14} aria-hidden />}
                </button>
              ) : (
                name
              )}
            </div>
          );
        })}
        <div role="columnheader" className={classes.headCell} data-column="menu">
          <span className={classes.hidden}>{t('mirrors.column.menu')}</span>
        </div>
      </div>
    </div>
  );
}
