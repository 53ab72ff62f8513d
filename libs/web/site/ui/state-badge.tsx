import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { JobState } from '../api/types.js';
import { StateLabel } from './state-label.js';

export { StateIcon } from './state-label.js';

/** A state as a word, an icon and a colour, the same on all pages. */
export function StateBadge({ state }: { state: JobState }): JSX.Element {
  const { t } = useTranslation();
  return <StateLabel state={state}>{t(`state.${state}`)}</StateLabel>;
}
