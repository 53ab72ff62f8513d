// @ts-check
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { ToolError } from '../setup/run.js';
import { inState } from './site.js';

/** @typedef {{ name: string, stop: () => Promise<void>, ended: Promise<void>, hasEnded: () => boolean }} Daemon */

/**
 * Starts a daemon in a process group of its own (Ctrl-C reaches only this tool, which then stops everything in
 * order); its output goes to `<name>.log` in the state folder.
 *
 * @param {string} name
 * @param {string} program
 * @param {string[]} args
 * @returns {Daemon}
 */
export function startDaemon(name, program, args) {
  const log = openSync(inState(`${name}.log`), 'w');
  const child = spawn(program, args, { stdio: ['ignore', log, log], detached: true });
  closeSync(log);
  let over = false;
  const ended = new Promise((resolve) => {
    child.once('error', resolve);
    child.once('close', resolve);
  }).then(() => {
    over = true;
  });
  return {
    name,
    ended,
    hasEnded: () => over,
    stop: async () => {
      if (!over) child.kill('SIGTERM');
      await ended;
    },
  };
}

/**
 * The last lines that a daemon wrote, for a message about its unexpected end.
 *
 * @param {string} name
 */
export function lastWords(name) {
  return readFileSync(inState(`${name}.log`), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(-5)
    .join('\n');
}

/**
 * Refuses to go on when a port of the sample site is taken.
 *
 * @param {string} what
 * @param {number} port
 * @returns {Promise<void>}
 */
export function requireFreePort(what, port) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', () =>
      reject(
        new ToolError(
          `port ${port} of 127.0.0.1 is in use; the ${what} needs it (is a quick start running already?)`,
        ),
      ),
    );
    server.listen(port, '127.0.0.1', () => server.close(() => resolve()));
  });
}
