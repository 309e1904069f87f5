import pino, { type Logger } from 'pino';

export type { Logger } from 'pino';

/** The levels of the operations guide, in its words. */
export type LogLevel = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' | 'CRITICAL';

const pinoLevels = {
  DEBUG: 'debug',
  INFO: 'info',
  WARNING: 'warn',
  ERROR: 'error',
  CRITICAL: 'fatal',
} as const;
const words: Readonly<Record<string, string>> = { trace: 'debug', warn: 'warning', fatal: 'critical' };

export interface LoggerOptions {
  readonly level: LogLevel;
  /** Where lines go; standard output by default. */
  readonly destination?: { write(line: string): void };
}

/**
 * The service's log: one JSON object a line with `timestamp`, `level` (lower case), `logger` and `message`, as the
 * operations guide has it. Written asynchronously; errors carry type, message and stack, no request data.
 */
export function createLogger(options: LoggerOptions): Logger {
  return pino(
    {
      level: pinoLevels[options.level],
      base: null,
      // @NOTE a default that a line may replace; as a binding it would stand in the line twice.
      mixin: () => ({ logger: 'brownie' }),
      messageKey: 'message',
      errorKey: 'error',
      timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: words[label] ?? label }) },
      serializers: { error: serializeError },
    },
    options.destination ?? pino.destination({ dest: 1, sync: false }),
  );
}

/** Type, message, stack and causes of an error. @NOTE never `detail`, `where` or parameters of a database error: they hold rows. */
export function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) {
    return { type: typeof error };
  }
  const { code, constraint, table } = error as { code?: unknown; constraint?: unknown; table?: unknown };
  return {
    type: error.name,
    message: error.message,
    stack: error.stack,
    ...(code === undefined ? {} : { code }),
    ...(constraint === undefined ? {} : { constraint }),
    ...(table === undefined ? {} : { table }),
    ...(error.cause === undefined ? {} : { cause: serializeError(error.cause) }),
  };
}
