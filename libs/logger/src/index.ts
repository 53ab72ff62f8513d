export { createLogger, type LoggerOptions, type StreamLogger } from './create-logger.js';
export type { LogFormat } from './format-line.js';
export * from './interfaces.js';
export { memoryLogger, nullLogger, type MemoryLine, type MemoryLogger } from './other-loggers.js';
