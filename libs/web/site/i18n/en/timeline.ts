/** English words of this page. */
export const timeline = { title: 'Timeline' };
