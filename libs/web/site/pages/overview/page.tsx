import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../../shell/use-title.js';

/** The page `/ui/overview`. */
export function OverviewPage(): JSX.Element {
  const { t } = useTranslation();
  useTitle(t('overview.title'));
  return <h1>{t('overview.title')}</h1>;
}
