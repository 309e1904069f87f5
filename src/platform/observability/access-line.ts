import type { ErrorCode } from '../errors/catalogue.ts';
import type { Logger } from './logger.ts';

/** A request that is over. */
export interface AccessLine {
  readonly method: string;
  /** The template of its route; none where it reached no route. Never the path: it holds what clients send. */
  readonly template?: string | undefined;
  readonly status: number;
  /** The code of the problem document, where the reply was one. */
  readonly errorCode?: ErrorCode | undefined;
  readonly durationMs: number;
  readonly userId?: string | undefined;
  /** Behind trusted proxies, the one that they tell of. Addresses are too many for a label of a metric. */
  readonly clientAddress?: string | undefined;
}

/** 503, and no failure of ours. */
const onPurpose: ReadonlySet<ErrorCode | undefined> = new Set(['service.maintenance', 'service.overloaded']);

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/**
 * How loud a request is: a failure of ours is an error; a client that is turned away on purpose or gives up is worth a warning;
 * everything else is everyday life. 501 is a route that says it has not been configured; a probe that says no does its work, and
 * what it says no to has a line of its own.
 */
export function levelOf({
  status,
  template,
  errorCode,
}: Pick<AccessLine, 'status' | 'template' | 'errorCode'>): 'info' | 'warn' | 'error' {
  // @NOTE a 503 without a route is Fastify's, to whoever comes while the service closes.
  const isClosing = status === 503 && template === undefined;
  if (isClosing || onPurpose.has(errorCode) || status === 429 || status === 499) {
    return 'warn';
  }
  return status >= 500 && status !== 501 && !/^\/health(\/|$)/.test(template ?? '') ? 'error' : 'info';
}

/** Writes the one access line of a request; `log` carries its id. */
export function writeAccessLine(log: Logger, line: AccessLine): void {
  const { method, template, status, errorCode, durationMs, userId, clientAddress } = line;
  log[levelOf(line)](
    {
      logger: 'brownie.access',
      endpoint: template ?? 'unmatched',
      method: methods.has(method) ? method : 'OTHER',
      status_code: status,
      ...(errorCode === undefined ? {} : { error_code: errorCode }),
      duration_ms: Math.round(durationMs * 1000) / 1000,
      ...(userId === undefined ? {} : { user_id: userId }),
      ...(clientAddress ? { client_address: clientAddress } : {}),
    },
    status === 499 ? 'request aborted by the client' : 'request served',
  );
}
