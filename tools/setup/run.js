// @ts-check
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Root folder of the workspace. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** What a tool stops with when it cannot go on: one line for people, no stack. */
export class ToolError extends Error {}

/** Milliseconds that a command's output may take to arrive after its end. */
const lastOutputMs = 3000;

/**
 * Runs a command in the workspace's root with its output shown.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, quiet?: boolean }} [options] - quiet: the output is kept back and
 *   only shown when the command fails
 * @returns {Promise<number>} exit code; 128 when a signal ended it
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...options.env },
      stdio: options.quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    });
    /** @type {Buffer[]} */
    const output = [];
    child.stdout?.on('data', (data) => output.push(data));
    child.stderr?.on('data', (data) => output.push(data));
    child.once('error', reject);
    /** @type {NodeJS.Timeout | undefined} */
    let waiting;
    child.once('close', (code) => {
      clearTimeout(waiting);
      if (code !== 0) process.stderr.write(Buffer.concat(output));
      resolve(code ?? 128);
    });
    // what it left behind may hold its output open for ever: that must neither hang the caller nor hide what was said
    child.once('exit', () => {
      waiting = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, lastOutputMs);
    });
  });
}

/** @param {string} program @returns {string} where it is on the PATH; empty: nowhere */
export function programPath(program) {
  return spawnSync('/bin/sh', ['-c', 'command -v "$1"', 'sh', program], { encoding: 'utf8' }).stdout.trim();
}

/** @param {string} program @returns {boolean} whether it is on the PATH */
export const hasProgram = (program) => programPath(program) !== '';

/**
 * Runs a tool's main function; a {@link ToolError} is shown as one line.
 *
 * @param {() => Promise<number | void>} main - returns the exit code
 */
export async function runTool(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
