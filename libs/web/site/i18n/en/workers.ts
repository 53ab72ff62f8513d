/** English words of this page. */
export const workers = { title: 'Workers' };
