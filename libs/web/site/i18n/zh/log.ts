import type { log as english } from '../en/log.js';

/** Chinese words of this page. */
export const log: typeof english = { title: '日志' };
