import type { IncomingMessage } from 'node:http';
import { v7 as uuidv7 } from 'uuid';

/** The caller's X-Request-ID where it is sane (1 to 128 letters, digits, `.`, `_`, `-`), else a new UUIDv7. */
export function requestIdOf(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[\w.-]{1,128}$/.test(given) ? given : uuidv7();
}

/** As `requestIdOf`; and puts the id into the header, where it is found again by whoever sees nothing but the raw request. */
export function settleRequestId(request: Pick<IncomingMessage, 'headers'>): string {
  const id = requestIdOf(request);
  request.headers['x-request-id'] = id;
  return id;
}
