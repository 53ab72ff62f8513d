import type { Density } from './density.js';
import type { Tick } from './ticks.js';
import type { RunKind, TimelineRun } from './timeline-runs.js';

/** Sizes in a lane, pixels. */
export const laneSizes = { density: 24, gap: 4, row: 12, bar: 10 } as const;
/** Most rows of a lane. */
export const mostRows = 48;
/** Smallest width of a run, pixels. */
export const leastPx = 3;

/** The frame that all lanes of a timeline share. */
export interface LaneFrame {
  /** Beginning of the window, milliseconds since the Unix epoch. */
  from: number;
  /** End of the window, milliseconds since the Unix epoch. */
  to: number;
  /** When the manager answered, by its own clock, milliseconds since the Unix epoch. */
  now: number;
  /** Width of the window, pixels. */
  width: number;
  ticks: readonly Tick[];
}

/** Content of a lane. */
export interface LaneDrawing extends LaneFrame {
  rows: readonly (readonly TimelineRun[])[];
  density: Density;
  slots: number | undefined;
}

/** Height of a lane in pixels. */
export function laneHeight(rows: number): number {
  return laneSizes.density + laneSizes.gap + Math.max(1, rows) * laneSizes.row;
}

/** Draws a lane. @param colour - returns a colour of tokens.css */
export function drawLane(
  context: CanvasRenderingContext2D,
  lane: LaneDrawing,
  colour: (name: string) => string,
): void {
  const { width, rows, ticks } = lane;
  const height = laneHeight(rows.length);
  const xOf = (at: number): number => ((at - lane.from) / (lane.to - lane.from)) * width;
  context.clearRect(0, 0, width, height);
  context.fillStyle = colour('--line');
  for (const { at, isDay } of ticks) context.fillRect(Math.round(xOf(at)), 0, isDay ? 2 : 1, height);
  drawDensity(context, lane, colour);
  const paint = painterOf(context, colour);
  rows.forEach((row, index) => {
    const y = laneSizes.density + laneSizes.gap + index * laneSizes.row + 1;
    for (const run of row) {
      const left = Math.max(-2, xOf(run.start));
      const right = Math.min(width + 2, Math.max(xOf(run.end), xOf(run.start) + leastPx));
      if (right < 0 || left > width) continue;
      // a small gap between neighbours
      paint[run.kind](left, y, Math.max(leastPx - 1, right - left - 1), xOf(lane.now));
    }
  });
}

type Paint = (x: number, y: number, width: number, nowX: number) => void;

/** The look of each kind of run. They differ by fill, hatching and outline, not only by colour. */
function painterOf(
  context: CanvasRenderingContext2D,
  colour: (name: string) => string,
): Record<RunKind, Paint> {
  const height = laneSizes.bar;
  const good = colour('--state-success');
  const failed = hatch(context, colour('--state-failed'), colour('--card'), 'slanted');
  const killed = hatch(context, colour('--state-disabled'), colour('--card'), 'upright');
  const running = colour('--state-syncing');
  const planned = colour('--text-dim');
  const fill =
    (style: string | CanvasPattern, alpha = 1): Paint =>
    (x, y, width) => {
      context.globalAlpha = alpha;
      context.fillStyle = style;
      context.fillRect(x, y, width, height);
      context.globalAlpha = 1;
    };
  const outline = (x: number, y: number, width: number, dash: number[]): void => {
    context.setLineDash(dash);
    context.strokeRect(x + 0.5, y + 0.5, Math.max(1, width - 1), height - 1);
    context.setLineDash([]);
  };
  return {
    success: fill(good, 0.8),
    failed: fill(failed),
    killed: fill(killed),
    running: (x, y, width, nowX) => {
      context.fillStyle = running;
      context.fillRect(x, y, Math.max(2, Math.min(width, nowX - x)), height);
      context.strokeStyle = running;
      outline(x, y, width, [3, 2]);
    },
    planned: (x, y, width) => {
      context.strokeStyle = planned;
      outline(x, y, width, []);
    },
  };
}

/** A pattern of stripes, 6 pixels apart. */
function hatch(
  context: CanvasRenderingContext2D,
  front: string,
  back: string,
  way: 'slanted' | 'upright',
): CanvasPattern | string {
  const tile = new OffscreenCanvas(6, 6);
  const pen = tile.getContext('2d');
  if (pen === null) return front;
  pen.fillStyle = front;
  pen.fillRect(0, 0, 6, 6);
  pen.strokeStyle = back;
  pen.globalAlpha = 0.55;
  pen.lineWidth = way === 'slanted' ? 1.5 : 2;
  pen.beginPath();
  if (way === 'upright') {
    pen.moveTo(4, 0);
    pen.lineTo(4, 6);
  } else {
    for (const shift of [-6, 0, 6]) {
      pen.moveTo(shift - 1, 7);
      pen.lineTo(shift + 7, -1);
    }
  }
  pen.stroke();
  return context.createPattern(tile, 'repeat') ?? front;
}

/** Draws the number of simultaneous runs, and the part of it above the slots. */
function drawDensity(
  context: CanvasRenderingContext2D,
  { density, slots = 0, width }: LaneDrawing,
  colour: (name: string) => string,
): void {
  const height = laneSizes.density;
  const top = Math.max(density.peak.count, slots, 1);
  const part = width / density.counts.length;
  const yOf = (count: number): number => height - (count / top) * (height - 2);
  // whole pixels: semi-transparent bars must not overlap
  const bar = (index: number, high: number, low: number): void => {
    const left = Math.round(index * part);
    context.fillRect(left, high, Math.round((index + 1) * part) - left, low - high);
  };
  density.counts.forEach((count, index) => {
    if (count === 0) return;
    const within = slots > 0 ? Math.min(count, slots) : count;
    context.fillStyle = colour('--text-dim');
    context.globalAlpha = 0.35;
    bar(index, yOf(within), height);
    context.globalAlpha = 1;
    if (within === count) return;
    context.fillStyle = colour('--state-stale');
    bar(index, yOf(count), yOf(within));
  });
  context.strokeStyle = colour('--text-dim');
  context.beginPath();
  context.moveTo(0, height + 0.5);
  context.lineTo(width, height + 0.5);
  context.stroke();
  if (slots === 0) return;
  context.setLineDash([4, 3]);
  context.beginPath();
  context.moveTo(0, Math.round(yOf(slots)) + 0.5);
  context.lineTo(width, Math.round(yOf(slots)) + 0.5);
  context.stroke();
  context.setLineDash([]);
}
