import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { managerRoot } from '../api/manager-root.js';
import { CopyBlock } from './copy-block.js';
import classes from './first-worker.module.css';
import { Section } from './section.js';

/** Says how to connect a worker, while there is none. */
export function FirstWorker(): JSX.Element {
  const { t } = useTranslation();
  return (
    <Section title={t('overview.first.title')}>
      <div className={classes.words}>
        <p>{t('overview.first.how')}</p>
        <CopyBlock text={`[manager]\napi_base = "${managerRoot.replace(/\/$/, '')}"`} />
        <p className={classes.note}>{t('overview.first.where')}</p>
      </div>
    </Section>
  );
}
