import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { NothingHere } from '../ui/nothing-here.js';

/** Stands at an address that no page has. */
export function NotFound(): JSX.Element {
  const { t } = useTranslation();
  return <NothingHere>{t('nav.notFound')}</NothingHere>;
}
