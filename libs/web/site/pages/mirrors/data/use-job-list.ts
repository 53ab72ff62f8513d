import { keepPreviousData, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { keyOf } from '../../../actions/job-action.js';
import type { ApiJob } from '../../../api/types.js';
import { useChanges } from '../../../live/live-context.js';
import { useNow } from '../../../ui/now.js';
import { addChanges, countHeldBack, type Happened } from './held-back.js';
import { dropFarPages, jobsPage, pageSize, pagesOf, type JobsPage } from './job-pages.js';
import type { MirrorsView } from './mirrors-view.js';
import { useJobCounts, type StateCounts } from './use-job-counts.js';

/** The rows of a view as far as they are loaded, in the order in which they were loaded. */
export interface JobList {
  /** The view of these rows: the previous one while the new one is loading. */
  view: MirrorsView;
  isPending: boolean;
  /** Undefined: unknown. */
  total: number | undefined;
  counts: StateCounts | undefined;
  /** Null: none. */
  error: unknown;
  retry: () => void;
  jobAt: (index: number) => ApiJob | undefined;
  isRemoved: (job: ApiJob) => boolean;
  /** How many rows would move, appear or disappear. */
  heldBack: number;
  /** Loads the rows again. */
  apply: () => Promise<void>;
}

const nothing: Happened = new Map();

/** @param seen - first and last visible row */
export function useJobList(view: MirrorsView, seen: readonly [number, number]): JobList {
  const client = useQueryClient();
  const first = useQuery({ ...jobsPage(view, 0), placeholderData: keepPreviousData });
  const isPending = first.isPlaceholderData;
  const [shown, setShown] = useState(view);
  const [happened, setHappened] = useState(nothing);
  if (!isPending && shown !== view) {
    setShown(view);
    setHappened(nothing);
  }
  const total = first.data?.total;
  const lastRow = Math.max(0, Math.min(seen[1], (total ?? 1) - 1));
  const numbers = pagesOf(Math.min(seen[0], lastRow), lastRow);
  const others = numbers.filter((page) => page > 0);
  const results = useQueries({ queries: others.map((page) => jobsPage(shown, page)) });

  const pages = new Map<number, JobsPage>();
  if (first.data !== undefined) pages.set(0, first.data);
  for (const [index, page] of others.entries()) {
    const data = results[index]?.data;
    if (data !== undefined) pages.set(page, data);
  }
  const jobAt = (index: number): ApiJob | undefined => {
    const number = Math.floor(index / pageSize);
    const page = pages.get(number) ?? client.getQueryData<JobsPage>(jobsPage(shown, number).queryKey);
    return page?.jobs[index % pageSize];
  };

  useChanges((changes) => {
    setHappened((before) => addChanges(before, changes));
  });
  const counts = useJobCounts(view);
  const now = useNow(60_000);
  const sum = isPending || counts === undefined ? undefined : expectedOf(shown, counts);
  const heldBack = useHeldBack([...pages.values()], happened, shown, total ?? 0, sum, now);

  const seenPages = numbers.join();
  useEffect(() => {
    dropFarPages(client, seenPages.split(',').map(Number));
  }, [client, seenPages]);

  const apply = useCallback(async () => {
    client.removeQueries({ queryKey: ['jobs'], type: 'inactive' });
    setHappened(nothing);
    await client.refetchQueries({ queryKey: ['jobs'], type: 'active' });
  }, [client]);

  const failed = results.find((result) => result.isError);
  return {
    view: shown,
    isPending,
    total,
    counts,
    error: first.error ?? failed?.error ?? null,
    retry: () => {
      void apply();
    },
    jobAt,
    isRemoved: (job) => {
      const key = keyOf(job);
      return happened.has(key) && happened.get(key) === undefined;
    },
    heldBack,
    apply,
  };
}

function expectedOf({ states }: MirrorsView, counts: StateCounts): number {
  const wanted = states.length === 0 ? Object.values(counts) : states.map((state) => counts[state]);
  return wanted.reduce((sum, count) => sum + count, 0);
}

function useHeldBack(
  pages: JobsPage[],
  happened: Happened,
  view: MirrorsView,
  total: number,
  expected: number | undefined,
  now: number,
): number {
  // keeps the same array while scrolling through loaded pages
  const [last, setLast] = useState(pages);
  const isSame = last.length === pages.length && last.every((page, index) => page === pages[index]);
  if (!isSame) setLast(pages);
  const stable = isSame ? last : pages;
  return useMemo(
    () => countHeldBack({ pages: stable, happened, view, total, expected, now }),
    [stable, happened, view, total, expected, now],
  );
}
