export type { MainOptions } from '@tunasync/daemon';
export { main } from './main.js';
