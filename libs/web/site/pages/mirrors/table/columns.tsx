import { createColumnHelper, rowSortingFeature, tableFeatures } from '@tanstack/react-table';
import type { ApiJob } from '../../../api/types.js';
import { StateBadge } from '../../../ui/state-badge.js';
import { RelativeTime } from '../../../ui/times.js';
import { DurationCell, NameCell, SizeCell, WorkerCell } from './cells.js';

/** Features of the table. The manager sorts. */
export const mirrorFeatures = tableFeatures({ rowSortingFeature });

const column = createColumnHelper<typeof mirrorFeatures, ApiJob>();

/** The columns with data. Ids of sortable columns are the manager's names. */
export const mirrorColumns = column.columns([
  column.accessor('state', {
    id: 'attention',
    sortDescFirst: false,
    cell: ({ row: { original: job } }) => <StateBadge state={job.state} />,
  }),
  column.accessor('name', {
    sortDescFirst: false,
    cell: ({ row: { original: job } }) => <NameCell job={job} />,
  }),
  column.accessor('worker', {
    sortDescFirst: false,
    cell: ({ row: { original: job } }) => <WorkerCell job={job} />,
  }),
  column.accessor('last_update', {
    // the oldest success is the most interesting
    sortDescFirst: false,
    cell: ({ row: { original: job } }) => <RelativeTime time={job.last_update} />,
  }),
  column.accessor('last_ended', {
    id: 'duration',
    sortDescFirst: true,
    cell: ({ row: { original: job } }) => <DurationCell job={job} />,
  }),
  column.accessor('size', {
    sortDescFirst: true,
    cell: ({ row: { original: job } }) => <SizeCell size={job.size} />,
  }),
  column.accessor('next_schedule', {
    sortDescFirst: false,
    cell: ({ row: { original: job } }) => <RelativeTime time={job.next_schedule} never="–" />,
  }),
  column.accessor('upstream', {
    enableSorting: false,
    cell: ({ row: { original: job } }) => <span title={job.upstream}>{job.upstream}</span>,
  }),
]);

/** Names of the columns. */
export type MirrorColumn =
  'attention' | 'name' | 'worker' | 'last_update' | 'duration' | 'size' | 'next_schedule' | 'upstream';
