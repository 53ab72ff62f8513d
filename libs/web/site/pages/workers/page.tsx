import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../../shell/use-title.js';

/** The page `/ui/workers`. */
export function WorkersPage(): JSX.Element {
  const { t } = useTranslation();
  useTitle(t('workers.title'));
  return <h1>{t('workers.title')}</h1>;
}
