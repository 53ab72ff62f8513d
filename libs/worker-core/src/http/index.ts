export { createCommandServer, type CommandServer, type CommandServerOptions } from './command-server.js';
