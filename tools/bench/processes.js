// @ts-check
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { root, ToolError } from '../setup/run.js';

/** @typedef {{ pid: number, stop: () => Promise<void> }} Running */

/** @param {string} name - a command of node_modules/.bin */
export const bin = (name) => join(root, 'node_modules/.bin', name);

/** @returns {Promise<number>} a free port of the loopback interface */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/**
 * Starts a process with its output in a file.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {string} logFile
 * @returns {Running}
 */
export function start(program, args, logFile) {
  const log = openSync(logFile, 'w');
  const child = spawn(program, args, { stdio: ['ignore', log, log], cwd: root });
  closeSync(log);
  const ended = new Promise((resolve) => child.once('close', resolve));
  return {
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/**
 * @param {string} what
 * @param {() => Promise<unknown>} check - until it gives something true; a rejection counts as not yet
 * @param {number} [timeoutMs]
 */
export async function until(what, check, timeoutMs = 30_000) {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    if (await check().catch(() => false)) return;
    await delay(20);
  }
  throw new ToolError(`waited ${timeoutMs} ms for ${what} in vain`);
}

/** Resident memory of a process, in MiB. @param {number} pid */
export function residentMemory(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}
