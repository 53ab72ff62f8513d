import { IconCircleCheck } from '@tabler/icons-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiOverview } from '../../api/types.js';
import { pages } from '../../routes/routes.js';
import { count } from '../../ui/format.js';
import { Section } from '../../ui/section.js';
import { useHeldList } from '../../ui/use-held-list.js';
import classes from './attention-list.module.css';
import { AttentionRow } from './attention-row.js';
import { attentionKey } from './attention-words.js';
import { MoreRows, shownAtFirst } from './more-rows.js';

/** Everything that needs attention, worst first. */
export function AttentionList({
  attention,
  total,
}: {
  attention: ApiOverview['attention'];
  total: number;
}): JSX.Element {
  const { t, i18n } = useTranslation();
  const [isAll, setAll] = useState(false);
  const [rows, held] = useHeldList(attention, attentionKey);
  const shown = isAll ? rows : rows.slice(0, shownAtFirst);
  return (
    <Section
      title={t('overview.attention.title')}
      count={total > 0 ? count(total, i18n.language) : undefined}
    >
      {rows.length === 0 && (
        <p className={`${classes.none} live`}>
          <IconCircleCheck size={18} aria-hidden />
          {t('overview.attention.none')}
        </p>
      )}
      <ul className={`${classes.list} live`} {...held} aria-label={t('overview.attention.title')}>
        {shown.map(({ key, item, isGone }) => (
          <AttentionRow key={key} one={item} isGone={isGone} />
        ))}
      </ul>
      <MoreRows
        hidden={rows.length - shown.length}
        further={total - attention.length}
        href={`${pages.mirrors}?state=failed,stale`}
        onShow={() => {
          setAll(true);
        }}
      />
    </Section>
  );
}
