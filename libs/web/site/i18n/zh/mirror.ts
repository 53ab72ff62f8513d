import type { mirror as english } from '../en/mirror.js';

/** Chinese words of this page. */
export const mirror: typeof english = { title: '镜像' };
