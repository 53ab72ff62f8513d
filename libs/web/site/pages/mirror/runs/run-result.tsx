import { IconCircleCheck, IconCircleX, IconPlayerStop } from '@tabler/icons-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunRecord } from '../../../api/types.js';

const icons = { success: IconCircleCheck, failed: IconCircleX, killed: IconPlayerStop };

/** The colour of each result of a run. */
export const resultColours: Readonly<Record<RunRecord['result'], string>> = {
  success: 'var(--state-success)',
  failed: 'var(--state-failed)',
  killed: 'var(--state-paused)',
};

/** The result of a run as a word, an icon and a colour. */
export function RunResult({ result }: { result: RunRecord['result'] }): JSX.Element {
  const { t } = useTranslation();
  const Icon = icons[result];
  const style = {
    display: 'inline-flex',
    verticalAlign: 'top',
    alignItems: 'center',
    gap: 6,
    color: resultColours[result],
  };
  return (
    <span style={{ ...style, fontWeight: 600 }}>
      <Icon size={16} aria-hidden />
      {t(`mirror.runs.results.${result}`)}
    </span>
  );
}
