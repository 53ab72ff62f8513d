// @ts-check
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** @typedef {{ code: number, output: string, timedOut: boolean }} Ended */

/** Milliseconds that a command's output may take to arrive after its end. */
const lastOutputMs = 3000;

/**
 * Runs a command, bounded in time, and keeps its output. When the time is over, the command and all its descendants
 * are killed.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd: string, env?: Record<string, string>, limitMs: number }} options
 * @returns {Promise<Ended>} code: 128 when a signal ended the command
 */
export function runBounded(program, args, { cwd, env = {}, limitMs }) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    /** @type {Buffer[]} */
    const output = [];
    child.stdout.on('data', (data) => output.push(data));
    child.stderr.on('data', (data) => output.push(data));
    let timedOut = false;
    const limit = setTimeout(() => {
      timedOut = true;
      killTree(child.pid);
    }, limitMs);
    const stop = () => killTree(child.pid);
    const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
    for (const signal of signals) process.once(signal, stop);
    child.once('error', reject);
    /** @type {NodeJS.Timeout | undefined} */
    let waiting;
    // a process that the command left behind may keep the output open: that must not hang the caller
    child.once('exit', () => {
      clearTimeout(limit);
      waiting = setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, lastOutputMs);
    });
    child.once('close', (code) => {
      clearTimeout(waiting);
      for (const signal of signals) process.removeListener(signal, stop);
      resolve({ code: code ?? 128, output: Buffer.concat(output).toString('utf8'), timedOut });
    });
  });
}

/**
 * Kills a process and its descendants, those in process groups of their own too.
 *
 * @param {number | undefined} pid
 */
function killTree(pid) {
  if (pid === undefined) return;
  /** @type {Map<number, number[]>} */
  const children = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = parentOf(name);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const all = [pid];
  for (const ancestor of all) all.push(...(children.get(ancestor) ?? []));
  for (const each of all) {
    try {
      process.kill(each, 'SIGKILL');
    } catch {
      // it has ended already
    }
  }
}

/** @param {string} pid @returns {number} 0 when the process has ended */
function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0;
  }
}
