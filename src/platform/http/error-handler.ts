import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../errors/api-error.ts';
import type { ErrorCode } from '../errors/catalogue.ts';
import { toProblem } from '../errors/problem.ts';
import { smallBodyBytesMax } from './body-budget.ts';
import { setCommonHeaders } from './common-headers.ts';
import type { Dialect } from './dialect.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The code of the problem that it was answered with; null where it was answered otherwise. */
    errorCode: ErrorCode | null;
  }
}

/** What Fastify itself finds wrong with a request, as errors of ours. */
const frameworkErrors: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'request.unsupported_media_type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'request.malformed',
  FST_ERR_BAD_URL: 'request.malformed',
  FST_ERR_MAX_PARAM_LENGTH: 'request.uri_too_long',
  FST_ERR_ASYNC_CONSTRAINT: 'request.malformed',
};

/** The error to tell a client of: our own ones as they are, everything unforeseen as a 500 that gives nothing away. */
function toApiError(error: FastifyError | ApiError, request: FastifyRequest): ApiError {
  if (error instanceof ApiError) {
    return error;
  }
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    const size = request.routeOptions.bodyLimit === smallBodyBytesMax ? '32 KiB here' : '1 MiB';
    const detail = `The request body is larger than this service accepts (${size})`;
    return new ApiError('request.too_large', { detail, cause: error });
  }
  const code = frameworkErrors[error.code];
  if (code !== undefined) {
    return new ApiError(code, { cause: error });
  }
  const isClientsFault = error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500;
  return new ApiError(isClientsFault ? 'request.malformed' : 'service.internal', { cause: error });
}

/** Told with a 5xx, and nobody's fault, or logged where it was found: the access line is enough. */
const announced: ReadonlySet<ErrorCode> = new Set([
  'scim.not_supported',
  'oidc.logout_unsupported',
  'oidc.not_configured',
  'oidc.unavailable',
  'service.maintenance',
  'service.overloaded',
]);

/** Answers any error as a problem document (RFC 9457), or as a dialect has it; what is our fault is logged with its cause. */
export const answerErrorIn =
  (dialect?: Dialect) =>
  (error: FastifyError | ApiError, request: FastifyRequest, reply: FastifyReply): void =>
    answer(error, request, reply, dialect);

export const answerError = answerErrorIn();

function answer(
  error: FastifyError | ApiError,
  request: FastifyRequest,
  reply: FastifyReply,
  dialect: Dialect | undefined,
): void {
  // @NOTE again: what Fastify refuses before routing, such as a broken escape in a URL, has passed no hook.
  setCommonHeaders(request, reply);
  const apiError = toApiError(error, request);
  if (apiError.status >= 500 && !announced.has(apiError.code)) {
    const level = apiError.status === 503 ? 'warn' : 'error';
    const what = apiError.status === 503 ? unavailableMessage(apiError) : 'request failed';
    request.log[level]({ error: apiError }, what);
  }
  // @NOTE a place may say more of how to get in.
  if (apiError.status === 401 && !reply.hasHeader('www-authenticate')) {
    reply.header('www-authenticate', 'Bearer');
  }
  sendProblem(apiError, request, reply, dialect);
}

/** The words that the operations guide greps for when the database is gone. */
const unavailableMessage = (error: ApiError): string =>
  error.cause instanceof Error
    ? `connection failed or timed out: ${error.cause.message}`
    : 'service unavailable';

/** Sends a problem document, or what a dialect has in its place. */
export function sendProblem(
  error: ApiError,
  request: FastifyRequest,
  reply: FastifyReply,
  dialect?: Dialect,
): void {
  request.errorCode = error.code;
  request.log.debug(
    {
      logger: 'brownie.decisions',
      error_code: error.code,
      permission: request.routeOptions?.config?.permission,
      why: error.why,
    },
    'request refused',
  );
  reply
    .code(dialect?.statusOf(error.code) ?? error.status)
    .headers({ ...error.headers })
    .type(dialect?.mediaType ?? 'application/problem+json')
    .serializer(JSON.stringify)
    .send(dialect?.errorDocument(error) ?? toProblem(error, request.id));
}
