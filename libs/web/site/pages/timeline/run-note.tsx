import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './lane.module.css';
import { RunKindBadge } from './run-kind.js';
import { runTimes } from './run-words.js';
import type { TimelineRun } from './timeline-runs.js';

/** Approximate width, pixels. */
const noteWidth = 280;

/** Describes the run under the pointer or with the focus. */
export function RunNote({
  run,
  place,
  width,
  isAbove,
}: {
  run: TimelineRun | undefined;
  place: { left: number; top: number; height: number } | undefined;
  width: number;
  /** For the last lane, which has no room below. */
  isAbove: boolean;
}): JSX.Element {
  const { t, i18n } = useTranslation();
  return (
    <div aria-live="polite">
      {run && place && (
        <div
          className={classes.note}
          style={{
            left: Math.max(4, Math.min(place.left, width - noteWidth)),
            top: isAbove ? place.top - 4 : place.top + place.height + 4,
            transform: isAbove ? 'translateY(-100%)' : undefined,
          }}
        >
          <span className={classes.noteHead}>
            <strong>{run.name}</strong>
            <RunKindBadge kind={run.kind} />
          </span>
          <Times {...runTimes(t, i18n.language, run)} />
        </div>
      )}
    </div>
  );
}

function Times({ span, length }: { span: string; length: string }): JSX.Element {
  return (
    <>
      <span>{span}</span>
      <span>{length}</span>
    </>
  );
}
