import type { overview as english } from '../en/overview.js';

/** Chinese words of this page. */
export const overview: typeof english = { title: '概览' };
