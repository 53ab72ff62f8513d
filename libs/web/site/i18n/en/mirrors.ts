/** English words of this page. */
export const mirrors = { title: 'Mirrors' };
