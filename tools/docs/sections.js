// @ts-check
import { configKeys } from '@tunasync/config';
import {
  managerApiRoutes,
  managerExtensionRoutes,
  managerRoutes,
  workerExtensionRoutes,
  workerRoutes,
} from '@tunasync/protocol';

/** @param {string} text - as a cell of a Markdown table */
const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/**
 * @param {string[]} head
 * @param {string[][]} rows
 */
const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

/** @param {'worker' | 'manager' | 'ctl'} file */
const keys = (file) =>
  table(
    ['key', 'type', 'default', ''],
    configKeys()
      .filter((key) => key.file === file)
      .map((key) => [`\`${key.key}\``, key.type, key.default, key.description]),
  );

/** @param {Record<string, { method: string, path: string, summary: string }>} routes */
const routeTable = (routes) =>
  table(
    ['method and path', ''],
    Object.values(routes).map(({ method, path, summary }) => [`${method} \`${path}\``, summary]),
  );

/** Section name → its Markdown. @type {Record<string, () => string>} */
export const sections = {
  'worker-keys': () => keys('worker'),
  'manager-keys': () => keys('manager'),
  'ctl-keys': () => keys('ctl'),
  'manager-routes': () => routeTable(managerRoutes),
  'manager-extension-routes': () => routeTable(managerExtensionRoutes),
  'manager-api-routes': () => routeTable(managerApiRoutes),
  'worker-routes': () => routeTable(workerRoutes),
  'worker-extension-routes': () => routeTable(workerExtensionRoutes),
};
