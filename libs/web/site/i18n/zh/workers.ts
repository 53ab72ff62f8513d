import type { workers as english } from '../en/workers.js';

/** Chinese words of this page. */
export const workers: typeof english = { title: '工作节点' };
