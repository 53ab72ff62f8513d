/** English words of this page. */
export const mirror = { title: 'Mirror' };
