import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { ApiError } from '../errors/api-error.ts';
import type { ErrorCode } from '../errors/catalogue.ts';
import { toProblem } from '../errors/problem.ts';
import { canonicalAddress } from './client-address.ts';
import { requestIdOf } from './request-id.ts';

/** What Node.js finds wrong, as errors of ours; everything else is malformed. */
const errors: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'request.headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request.timeout',
};

/** How it was answered, and whom. */
export interface UnreadableAnswer {
  readonly status: number;
  readonly requestId: string;
  /** At the other end of the connection: of a proxy, where there is one. Undefined where it is gone. */
  readonly clientAddress: string | undefined;
}

/** Answers what could not even be read as HTTP, on the bare socket; `onAnswered` is told how. */
export function answerUnreadable(
  failure: Error & { code?: string },
  socket: Socket,
  onAnswered: (answer: UnreadableAnswer) => void = () => undefined,
): void {
  if (!socket.writable || failure.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  // @NOTE now: a connection that is gone has no address.
  const clientAddress = canonicalAddress(socket.remoteAddress ?? '');
  const error = new ApiError(errors[failure.code ?? ''] ?? 'request.malformed');
  const requestId = requestIdOf({ headers: {} });
  const problem = JSON.stringify(toProblem(error, requestId));
  socket.end(
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}\r\nContent-Type: application/problem+json\r\n` +
      `X-Request-ID: ${requestId}\r\nContent-Length: ${Buffer.byteLength(problem)}\r\nConnection: close\r\n\r\n${problem}`,
  );
  onAnswered({ status: error.status, requestId, clientAddress });
}
