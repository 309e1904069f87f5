import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import cors from '@fastify/cors';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyServerOptions,
  LogController,
} from 'fastify';
import { ApiError } from '../errors/api-error.ts';
import type { Logger } from '../observability/logger.ts';
import type { CertificateFiles } from '../tls/certificate-files.ts';
import { AddressSet } from './address-set.ts';
import { answerUnreadable, type UnreadableAnswer } from './answer-unreadable.ts';
import { BodyBudget } from './body-budget.ts';
import { commonHeaders, setCommonHeaders } from './common-headers.ts';
import { answerError, sendProblem } from './error-handler.ts';
import { OpenSockets } from './open-sockets.ts';
import { PipelineLimit } from './pipeline-limit.ts';
import { RequestIds } from './request-id.ts';
import { compileSerializer } from './serialization.ts';
import { parseStrictJson } from './strict-json.ts';
import { followTls, secureContext } from './tls.ts';
import { easeV1Clients, ignoredFieldsHeader } from './v1-clients.ts';
import { createValidatorCompiler } from './validation.ts';

export interface HttpServerOptions {
  readonly logger: Logger;
  /** Exact origins that browsers may call from. */
  readonly corsOrigins: readonly string[];
  /** Addresses and networks whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  /** Where it speaks HTTPS. */
  readonly tls?: CertificateFiles;
  /** Whether requests are read as clients of v1 send them; see `easeV1Clients`. */
  readonly compatibility?: 'v1' | undefined;
  /** Told of what could not be read as HTTP, and how it was answered. */
  readonly onUnreadable?: (answer: UnreadableAnswer) => void;
}

/** How long a connection may be idle: longer than proxies keep theirs, so that it is they who close it. */
export const idleConnectionsMs = 75_000;

/** How long nothing may move on a connection with a request: nobody takes the answer, or sends the rest. */
const stuckConnectionsMs = 30_000;

/** How long whoever is connected may take when the server is closed. */
const closingMs = 1_000;

const kib = 1024;
const urlBytesMax = 8 * kib;

/**
 * What pages of the permitted origins may send and read (Fetch Standard, 3.2): every header that the API takes or answers
 * with, and those by which a browser carries a trace on (W3C Trace Context).
 */
const crossOrigin = {
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  allowedHeaders: [
    'Authorization',
    'Brownie-Position',
    'Content-Type',
    'Idempotency-Key',
    'If-Match',
    'If-None-Match',
    'MCP-Protocol-Version',
    'Mcp-Method',
    'Mcp-Name',
    'X-Request-ID',
    'traceparent',
    'tracestate',
  ],
  exposedHeaders: [
    'Allow',
    ignoredFieldsHeader,
    'Brownie-Position',
    'ETag',
    'Idempotency-Replayed',
    'Location',
    'Retry-After',
    'WWW-Authenticate',
    'X-Request-ID',
  ],
  maxAge: 600,
};

/**
 * The HTTP server without routes: strict JSON, problem documents for every error, request ids, limits on size and
 * time, security headers. Limits: body 1 MiB, headers 16 KiB, URL 8 KiB; headers within 10 s, a request within 30 s, 30 s in which nothing moves;
 * idle connections are kept for 75 s, longer than proxies keep theirs. Closed, it is gone within a second, whatever clients do.
 */
export async function createHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const limits = {
    headersTimeout: 10_000,
    // @NOTE how often Node.js looks whose time is up: its own 30 s would make 40 s of 10.
    connectionsCheckingInterval: 1_000,
    maxHeaderSize: 16 * kib,
    // @NOTE Node.js would refuse a request without one in words of its own; see requireOneHost.
    requireHostHeader: false,
  };
  const { tls } = options;
  const ids = new RequestIds();
  const app: FastifyInstance = Fastify({
    loggerInstance: options.logger as FastifyBaseLogger,
    genReqId: (request: IncomingMessage) => ids.settle(request),
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    bodyLimit: 1024 * kib,
    requestTimeout: 30_000,
    connectionTimeout: stuckConnectionsMs,
    keepAliveTimeout: idleConnectionsMs,
    ...(tls === undefined ? { http: limits } : { https: { ...limits, ...secureContext(tls) } }),
    return503OnClosing: true,
    routerOptions: { maxParamLength: 256, ignoreTrailingSlash: false },
    clientErrorHandler: (error, socket) =>
      answerUnreadable(error, socket, {
        unanswered: app.pipelines.unanswered(socket),
        headers: commonHeaders(tls !== undefined),
        onAnswered: options.onUnreadable,
      }),
    frameworkErrors: answerError,
    // @NOTE the instance of HTTPS has a type of its own, which differs in its server alone.
  } as FastifyServerOptions);
  if (tls !== undefined) {
    followTls(app, tls);
  }
  app.decorateRequest('errorCode', null);
  app.decorateRequest('sampledTraceId', null);
  app.decorate('pipelines', new PipelineLimit(app.server));
  // @NOTE Node.js would answer it itself, without a body.
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));
  app.decorate('openSockets', new OpenSockets(app.server));
  app.decorate('bodyBudget', new BodyBudget());
  app.addHook('preParsing', (request, reply, _payload, done) => {
    // @NOTE Fastify would parse the body first, for any stranger.
    if (request.is404) {
      done(new ApiError('route.not_found'));
    } else {
      app.bodyBudget.admit(request, reply, done);
    }
  });
  app.addHook('preClose', (done) => {
    setTimeout(() => app.openSockets.destroyAll(), closingMs).unref();
    done();
  });
  app.decorate('trustedProxies', new AddressSet(options.trustedProxies));
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (_request: unknown, body: Buffer) => (body.length === 0 ? undefined : parseStrictJson(body)),
  );
  app.setValidatorCompiler(createValidatorCompiler());
  app.setSerializerCompiler(compileSerializer);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request, reply) => sendProblem(new ApiError('route.not_found'), request, reply));
  // @NOTE hooks of every request call back: one that is async costs each of them some turns.
  app.addHook('onRequest', (request, reply, done) => {
    setCommonHeaders(request, reply);
    const { headers } = request;
    // @NOTE many clients name the type of a body that they do not send: nothing is of no type.
    if (headers['content-type'] !== undefined && !hasBody(headers)) {
      headers['content-type'] = undefined;
    }
    done(unmetFraming(request.raw));
  });
  if (options.corsOrigins.length > 0) {
    await app.register(cors, { origin: [...options.corsOrigins], ...crossOrigin });
  }
  // @NOTE after those: a page of another origin may read a refusal, too.
  app.addHook('onRequest', ({ url }, _reply, done) =>
    done(url.length > urlBytesMax ? new ApiError('request.uri_too_long') : undefined),
  );
  if (options.compatibility === 'v1') {
    easeV1Clients(app);
  }
  return app;
}

/**
 * Why a request is refused that proxies before this service may read in another way (RFC 9112, 3.2: no Host line, or more than one),
 * or that expects what is not to be had (RFC 9110, 10.1.1).
 */
function unmetFraming({ httpVersion, rawHeaders, headers }: IncomingMessage): ApiError | undefined {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    hosts += name.length === 4 && name.toLowerCase() === 'host' ? 1 : 0;
  }
  if (hosts > 1 || (hosts === 0 && httpVersion === '1.1')) {
    return new ApiError('request.malformed', { detail: 'The request must have exactly one Host header' });
  }
  return headers.expect === undefined || /^(100-continue)?$/i.test(headers.expect)
    ? undefined
    : new ApiError('request.expectation_failed');
}

/** Whether a request has a body, be it empty in the end (RFC 9112, 6.3). */
const hasBody = (headers: IncomingHttpHeaders): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
