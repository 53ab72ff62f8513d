import type { timeline as english } from '../en/timeline.js';

/** Chinese words of this page. */
export const timeline: typeof english = { title: '时间线' };
