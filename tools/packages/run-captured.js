// @ts-check
import { spawn } from 'node:child_process';

/** @typedef {{ code: number | null, stdout: string, stderr: string }} Captured */

/**
 * Runs a command, bounded in time, and keeps what it prints.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd: string, timeoutMs?: number }} options
 * @returns {Promise<Captured>}
 */
export function runCaptured(program, args, { cwd, timeoutMs = 60_000 }) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data) => (stdout += data));
    child.stderr.on('data', (data) => (stderr += data));
    child.once('error', (error) => resolve({ code: null, stdout, stderr: `${stderr}${error.message}` }));
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}
