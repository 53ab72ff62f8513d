// @ts-check

/** @typedef {{ name: string, status: string, size: string, upstream: string, last_ended_ts: number, next_schedule_ts: number }} Job */

/** @type {Record<string, string>} */
const colours = { success: '32', syncing: '34', 'pre-syncing': '34', failed: '31', paused: '33' };

/**
 * @param {number} seconds - Unix time; negative: never
 * @param {number} now - Unix time in milliseconds
 */
function relative(seconds, now) {
  if (seconds <= 0) return '–';
  const distance = Math.round(seconds - now / 1000);
  if (distance === 0) return 'now';
  return distance > 0 ? `in ${distance} s` : `${-distance} s ago`;
}

/**
 * The jobs as lines of a table.
 *
 * @param {Job[]} jobs
 * @param {number} now - Unix time in milliseconds
 * @param {boolean} colour
 */
export function tableLines(jobs, now, colour) {
  const rows = [...jobs]
    .sort((a, b) => a.name.localeCompare(b.name))
    .map((job) => [
      job.name,
      job.status,
      job.size,
      relative(job.last_ended_ts, now),
      relative(job.next_schedule_ts, now),
    ]);
  const all = [['MIRROR', 'STATUS', 'SIZE', 'ENDED', 'NEXT'], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all.map((row) =>
    row
      .map((cell, column) => {
        const padded = cell.padEnd(widths[column] ?? 0);
        const code = colours[cell];
        return colour && column === 1 && code ? `\x1b[${code}m${padded}\x1b[0m` : padded;
      })
      .join('  ')
      .trimEnd(),
  );
}

/**
 * A table that is redrawn in place on a terminal; elsewhere it is printed again when a status changes.
 *
 * @param {NodeJS.WriteStream} stream
 */
export function liveTable(stream) {
  let drawn = 0;
  let last = '';
  return (/** @type {Job[]} */ jobs) => {
    if (stream.isTTY) {
      const lines = tableLines(jobs, Date.now(), true);
      stream.write(`${drawn > 0 ? `\x1b[${drawn}A` : ''}${lines.map((line) => `\x1b[2K${line}\n`).join('')}`);
      drawn = lines.length;
      return;
    }
    const key = jobs
      .map((job) => `${job.name} ${job.status}`)
      .sort()
      .join(' ');
    if (key === last) return;
    last = key;
    stream.write(`${tableLines(jobs, Date.now(), false).join('\n')}\n\n`);
  };
}
