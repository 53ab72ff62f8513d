import type { mirrors as english } from '../en/mirrors.js';

/** Chinese words of this page. */
export const mirrors: typeof english = { title: '镜像' };
