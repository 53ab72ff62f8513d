export { createCommandServer, type CommandServer, type CommandServerOptions } from './command-server.js';
export type { JobSource } from './routes/job-handlers.js';
