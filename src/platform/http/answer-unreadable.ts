import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { v7 as uuidv7 } from 'uuid';
import { ApiError } from '../errors/api-error.ts';
import type { ErrorCode } from '../errors/catalogue.ts';
import { toProblem } from '../errors/problem.ts';
import { canonicalAddress } from './client-address.ts';

/** What Node.js finds wrong, as errors of ours; everything else is malformed. */
const errors: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'request.headers_too_large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'request.too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request.timeout',
};

/** How it was answered, and whom. */
export interface UnreadableAnswer {
  readonly status: number;
  readonly requestId: string;
  /** At the other end of the connection: of a proxy, where there is one. Undefined where it is gone. */
  readonly clientAddress: string | undefined;
}

export interface UnreadableOptions {
  /** The request of the connection that is at work, as long as it is. */
  readonly unanswered: ReadonlySet<ServerResponse>;
  /** Those of every reply. */
  readonly headers: Readonly<Record<string, string>>;
  /** Told how it was answered. */
  readonly onAnswered?: ((answer: UnreadableAnswer) => void) | undefined;
}

/** Answers what could not even be read as HTTP, on the bare socket, after the requests that came before it. */
export function answerUnreadable(
  failure: Error & { code?: string },
  socket: Socket,
  options: UnreadableOptions,
): void {
  const [before] = options.unanswered;
  // @NOTE a request of which not all has come is itself what could not be read.
  if (before !== undefined && (before.headersSent || before.req.complete)) {
    before.once('close', () => answerUnreadable(failure, socket, options));
    return;
  }
  if (!socket.writable || failure.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  // @NOTE now: a connection that is gone has no address.
  const clientAddress = canonicalAddress(socket.remoteAddress ?? '');
  const error = new ApiError(errors[failure.code ?? ''] ?? 'request.malformed');
  const requestId = uuidv7();
  const problem = JSON.stringify(toProblem(error, requestId));
  const headers = {
    'content-type': 'application/problem+json',
    'content-length': String(Buffer.byteLength(problem)),
    'x-request-id': requestId,
    ...options.headers,
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}\r\n${lines.join('')}\r\n${problem}`);
  options.onAnswered?.({ status: error.status, requestId, clientAddress });
}
