import { FlexRender, type Row } from '@tanstack/react-table';
import { memo, type CSSProperties, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiJob } from '../../../api/types.js';
import type { mirrorFeatures } from './columns.js';
import classes from './mirror-row.module.css';
import { NarrowCells } from './narrow-cells.js';
import { RowMenu } from './row-menu.js';

/** A row of the table. */
export type MirrorTableRow = Row<typeof mirrorFeatures, ApiJob>;

/** Props of a row. The table handles events. */
export interface MirrorRowProps {
  /** Undefined: unknown. */
  row: MirrorTableRow | undefined;
  /** Index in the list. */
  index: number;
  /** Pixels from the top of the list. */
  top: number;
  isNarrow: boolean;
  isSelected: boolean;
  isCurrent: boolean;
  isRemoved: boolean;
}

/** A mirror as a row: one line, or two on a narrow screen. It keeps the focus while its mirror is loading. */
export const MirrorRow = memo(function MirrorRow(props: MirrorRowProps): JSX.Element {
  const { row, index, top, isSelected, isCurrent, isRemoved } = props;
  const { t } = useTranslation();
  return (
    <div
      role="row"
      className={classes.row}
      style={{ top }}
      data-index={index}
      data-empty={row === undefined || undefined}
      data-removed={isRemoved || undefined}
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      aria-busy={row === undefined}
      tabIndex={isCurrent ? 0 : -1}
    >
      {row === undefined ? (
        <div role="gridcell" className={classes.empty}>
          <span>{t('load.loading')}</span>
        </div>
      ) : (
        <Cells {...props} row={row} />
      )}
    </div>
  );
}, isSame);

function Cells({
  row,
  isNarrow,
  isSelected,
  isRemoved,
}: MirrorRowProps & { row: MirrorTableRow }): JSX.Element {
  const { t } = useTranslation();
  const job = row.original;
  const percent = job.state === 'syncing' ? job.progress?.percent : undefined;
  return (
    <>
      <div role="gridcell" className={classes.cell} data-column="select">
        <input
          type="checkbox"
          tabIndex={-1}
          checked={isSelected}
          readOnly
          aria-label={t('mirrors.select', { name: job.name })}
        />
      </div>
      {isNarrow ? (
        <NarrowCells job={job} isRemoved={isRemoved} />
      ) : (
        row.getAllCells().map((cell) => (
          <div key={cell.id} role="gridcell" className={classes.cell} data-column={cell.column.id}>
            {cell.column.id === 'attention' && isRemoved ? t('mirrors.removed') : <FlexRender cell={cell} />}
          </div>
        ))
      )}
      <div role="gridcell" className={classes.cell} data-column="menu">
        {!isRemoved && <RowMenu job={job} />}
      </div>
      {percent !== undefined && (
        <span aria-hidden className={classes.progress} style={{ '--done': percent / 100 } as CSSProperties} />
      )}
    </>
  );
}

/** The table creates row objects again for each visible part, with the same content. */
function isSame({ row, ...one }: MirrorRowProps, { row: otherRow, ...other }: MirrorRowProps): boolean {
  return (
    row?.original === otherRow?.original &&
    (Object.keys(one) as (keyof typeof one)[]).every((key) => one[key] === other[key])
  );
}
