import { IconBan, IconCalendarTime, IconCircleCheck, IconCircleX, IconRefresh } from '@tabler/icons-react';
import type { ComponentType, JSX } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './run-kind.module.css';
import type { RunKind } from './timeline-runs.js';

const icons: Readonly<Record<RunKind, ComponentType<{ size: number }>>> = {
  success: IconCircleCheck,
  failed: IconCircleX,
  killed: IconBan,
  running: IconRefresh,
  planned: IconCalendarTime,
};

/** The kind of a run: icon, word and colour. */
export function RunKindBadge({ kind }: { kind: RunKind }): JSX.Element {
  const { t } = useTranslation();
  const Icon = icons[kind];
  return (
    <span className={classes.badge} data-kind={kind}>
      <Icon size={14} aria-hidden />
      {t(`timeline.kind.${kind}`)}
    </span>
  );
}

const kinds: readonly RunKind[] = ['success', 'failed', 'killed', 'running', 'planned'];

/** The legend of the lanes. */
export function Legend(): JSX.Element {
  const { t } = useTranslation();
  return (
    <ul className={classes.legend}>
      {kinds.map((kind) => (
        <li key={kind}>
          <span className={classes.swatch} data-kind={kind} aria-hidden />
          {t(`timeline.kind.${kind}`)}
        </li>
      ))}
    </ul>
  );
}
