import { useRef, type JSX, type KeyboardEvent, type PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { bytes } from '../../ui/format.js';
import { byteAt, thumbOf, type SeenBytes } from './place.js';
import classes from './scrubber.module.css';

/** Props of {@link Scrubber}. */
export interface ScrubberProps {
  seen: SeenBytes;
  /** Size of the log, bytes. */
  size: number;
  /** Offsets of marked lines. */
  hits: readonly number[];
  onJump: (offset: number) => void;
  onEnd: () => void;
}

/** Smallest share of the bar for the thumb. */
const shortest = 0.04;
/** Milliseconds between two jumps while dragging: each reads from the log. */
const jumpMs = 120;
/** Number of distinct positions for matches. */
const marks = 200;

/** A scroll bar for the whole log, although little of it is in memory. */
export function Scrubber({ seen, size, hits, onJump, onEnd }: ScrubberProps): JSX.Element {
  const { t, i18n } = useTranslation();
  const bar = useRef<HTMLDivElement>(null);
  const drag = useRef({ active: false, grip: 0, jumpedAt: 0 });
  const { top, height } = thumbOf(seen, size, shortest);
  const places = new Set(hits.map((offset) => Math.floor((offset / Math.max(1, size)) * marks)));

  const partOf = (event: PointerEvent): number => {
    const box = bar.current?.getBoundingClientRect();
    return box === undefined ? 0 : (event.clientY - box.top) / box.height;
  };
  const jump = (part: number): void => {
    const offset = byteAt(part - drag.current.grip, height, size);
    if (offset >= size) onEnd();
    else onJump(offset);
  };
  const begin = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.button !== 0) return;
    const part = partOf(event);
    const isOnThumb = part >= top && part <= top + height;
    drag.current = { active: true, grip: isOnThumb ? part - top : height / 2, jumpedAt: event.timeStamp };
    event.currentTarget.setPointerCapture(event.pointerId);
    if (!isOnThumb) jump(part);
  };
  const move = (event: PointerEvent): void => {
    if (!drag.current.active || event.timeStamp - drag.current.jumpedAt < jumpMs) return;
    drag.current.jumpedAt = event.timeStamp;
    jump(partOf(event));
  };
  const end = (event: PointerEvent): void => {
    if (drag.current.active && event.timeStamp !== drag.current.jumpedAt) jump(partOf(event));
    drag.current.active = false;
  };
  const press = (event: KeyboardEvent): void => {
    const steps: Partial<Record<string, number>> = {
      ArrowUp: -0.01,
      ArrowDown: 0.01,
      PageUp: -0.1,
      PageDown: 0.1,
    };
    const step = steps[event.key];
    if (event.key === 'End') onEnd();
    else if (event.key === 'Home') onJump(0);
    else if (step !== undefined) onJump(Math.max(0, Math.floor(seen.from + step * size)));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const at = bytes(seen.to, i18n.language);
  return (
    <div
      ref={bar}
      className={classes.bar}
      role="slider"
      aria-orientation="vertical"
      aria-label={t('log.place')}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={size === 0 ? 100 : Math.round((100 * seen.to) / size)}
      aria-valuetext={t('log.position', { at, size: bytes(size, i18n.language) })}
      tabIndex={0}
      onPointerDown={begin}
      onPointerMove={move}
      onPointerUp={end}
      onPointerCancel={end}
      onKeyDown={press}
    >
      <div className={classes.thumb} style={{ top: `${top * 100}%`, height: `${height * 100}%` }} />
      {[...places].map((place) => (
        <div key={place} className={classes.hit} style={{ top: `${(place / marks) * 100}%` }} />
      ))}
    </div>
  );
}
