import { ActionIcon, NativeSelect } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { MirrorsView } from '../data/mirrors-view.js';
import type { SetView } from '../data/use-view.js';
import classes from './toolbar.module.css';

const sorts = ['attention', 'name', 'worker', 'last_update', 'duration', 'size', 'next_schedule'] as const;
const largestFirst: ReadonlySet<string> = new Set(['duration', 'size']);

/** Chooses the order on screens without column headers. */
export function SortSelect({
  sort,
  order,
  setView,
}: Pick<MirrorsView, 'sort' | 'order'> & { setView: SetView }): JSX.Element {
  const { t } = useTranslation();
  const Icon = order === 'asc' ? IconArrowUp : IconArrowDown;
  return (
    <div className={classes.sorting}>
      <NativeSelect
        size="xs"
        aria-label={t('mirrors.sortBy')}
        value={sort}
        data={sorts.map((value) => ({ value, label: t(`mirrors.sorts.${value}`) }))}
        onChange={({ currentTarget: { value } }) => {
          const chosen = sorts.find((one) => one === value) ?? 'attention';
          setView({ sort: chosen, order: largestFirst.has(chosen) ? 'desc' : 'asc' });
        }}
      />
      <ActionIcon
        variant="default"
        size={30}
        aria-label={t('mirrors.reverse')}
        aria-pressed={order === 'desc'}
        onClick={() => {
          setView({ order: order === 'asc' ? 'desc' : 'asc' });
        }}
      >
        <Icon size={14} />
      </ActionIcon>
    </div>
  );
}
