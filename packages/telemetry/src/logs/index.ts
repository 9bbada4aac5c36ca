export type { LogDestination } from './destination.ts';
export { type LogFormat, type LogLevel, logFormats, logLevels } from './levels.ts';
export { createLogger, type Logger } from './logger.ts';
