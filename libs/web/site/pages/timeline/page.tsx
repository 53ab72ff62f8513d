import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../../shell/use-title.js';

/** The page `/ui/timeline`. */
export function TimelinePage(): JSX.Element {
  const { t } = useTranslation();
  useTitle(t('timeline.title'));
  return <h1>{t('timeline.title')}</h1>;
}
