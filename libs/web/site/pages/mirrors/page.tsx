import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../../shell/use-title.js';

/** The page `/ui/mirrors`. */
export function MirrorsPage(): JSX.Element {
  const { t } = useTranslation();
  useTitle(t('mirrors.title'));
  return <h1>{t('mirrors.title')}</h1>;
}
