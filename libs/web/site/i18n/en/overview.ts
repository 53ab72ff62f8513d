/** English words of this page. */
export const overview = { title: 'Overview' };
