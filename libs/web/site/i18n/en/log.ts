/** English words of this page. */
export const log = { title: 'Log' };
