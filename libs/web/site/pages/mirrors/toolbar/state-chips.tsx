import type { CSSProperties, JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { count } from '../../../ui/format.js';
import { StateIcon } from '../../../ui/state-badge.js';
import { chipStates, toggleState, type MirrorsView } from '../data/mirrors-view.js';
import type { StateCounts } from '../data/use-job-counts.js';
import type { SetView } from '../data/use-view.js';
import classes from './toolbar.module.css';

/** The states with their counts; each filters the table. */
export function StateChips({
  states,
  counts,
  setView,
}: Pick<MirrorsView, 'states'> & { counts: StateCounts | undefined; setView: SetView }): JSX.Element {
  const { t, i18n } = useTranslation();
  return (
    <div className={classes.chips} role="group" aria-label={t('mirrors.states')}>
      {chipStates.map((state) => (
        <button
          key={state}
          type="button"
          className={classes.chip}
          style={{ '--chip': `var(--state-${state})` } as CSSProperties}
          data-state={state}
          data-none={counts?.[state] === 0 || undefined}
          aria-pressed={states.includes(state)}
          onClick={() => {
            setView({ states: toggleState(states, state) });
          }}
        >
          <StateIcon state={state} size={14} />
          {t(`state.${state}`)}
          <span className={`${classes.count} live`}>
            {counts === undefined ? '–' : count(counts[state], i18n.language)}
          </span>
        </button>
      ))}
    </div>
  );
}
