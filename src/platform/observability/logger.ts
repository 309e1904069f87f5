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
  /** Where lines go, each with its newline. */
  readonly destination: { write(line: string): void };
}

/**
 * The service's log: one JSON object a line with `timestamp`, `level` (lower case), `logger` and `message`, as the
 * operations guide has it. Errors carry type, message and stack, no request data.
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
      // @NOTE Fastify calls an error `err`, and the serializer that pino has for it keeps every property.
      serializers: {
        error: (error) => serializeError(error),
        err: (error) => serializeError(error),
        // @NOTE in Fastify's own serializers stand URLs, and in these what clients send.
        req: () => undefined,
        res: () => undefined,
      },
    },
    options.destination,
  );
}

/** Changes what is logged from now on, by every logger that was made from this one. */
export function setLogLevel(logger: Logger, level: LogLevel): void {
  logger.level = pinoLevels[level];
}

const causesMax = 5;

/**
 * Type, message, stack and causes of an error.
 * @NOTE never `detail`, `where` or parameters of a database error: they hold rows.
 */
export function serializeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) {
    return { type: typeof error };
  }
  const { code, constraint, table } = error as { code?: unknown; constraint?: unknown; table?: unknown };
  // @NOTE a connection refused on each address of a host is an AggregateError that has no message of its own.
  const parts = error instanceof AggregateError ? error.errors : [];
  const inner = (each: unknown): unknown => serializeError(each, depth + 1);
  const message = withoutData(error.message, code);
  return {
    type: error.name,
    message,
    stack: error.stack?.replace(error.message, () => message),
    ...(code === undefined ? {} : { code }),
    ...(constraint === undefined ? {} : { constraint }),
    ...(table === undefined ? {} : { table }),
    ...(parts.length === 0 || depth >= causesMax ? {} : { errors: parts.map(inner) }),
    ...(error.cause === undefined || depth >= causesMax ? {} : { cause: inner(error.cause) }),
  };
}

/** @NOTE PostgreSQL's class 22, data exceptions, quotes the value at fault: `invalid input syntax for type uuid: "…"`. */
const withoutData = (message: string, code: unknown): string =>
  typeof code === 'string' && /^22[0-9A-Z]{3}$/.test(code) ? message.replace(/".*"/s, '"…"') : message;
