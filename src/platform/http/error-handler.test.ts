import type { FastifyInstance } from 'fastify';
import { describe, expect, test } from 'vitest';
import { ApiError } from '../errors/api-error.ts';
import { createLogger } from '../observability/logger.ts';
import { createHttpServer } from './http-server.ts';

/** A server whose one route throws, and what it logs. */
async function failing(error: unknown): Promise<{ app: FastifyInstance; log: Record<string, unknown>[] }> {
  const log: Record<string, unknown>[] = [];
  const logger = createLogger({
    level: 'INFO',
    destination: { write: (line) => log.push(JSON.parse(line)) },
  });
  const app = await createHttpServer({ logger, corsOrigins: [], trustedProxies: [] });
  app.post('/fail', async () => {
    throw error;
  });
  return { app, log };
}

async function answer(error: unknown) {
  const { app, log } = await failing(error);
  const reply = await app.inject({ method: 'POST', url: '/fail', headers: { 'x-request-id': 'r-1' } });
  return { status: reply.statusCode, headers: reply.headers, body: reply.json(), log };
}

describe('an error of the API', () => {
  test('is answered as a problem document, with its headers', async () => {
    const { status, headers, body, log } = await answer(
      new ApiError('rate.limited', { retryAfterSeconds: 3 }),
    );
    expect(status).toBe(429);
    expect(headers).toMatchObject({
      'content-type': 'application/problem+json',
      'retry-after': '3',
      'x-request-id': 'r-1',
      'cache-control': 'no-store',
    });
    expect(body).toMatchObject({ status: 429, code: 'rate.limited', request_id: 'r-1' });
    expect(log).toEqual([]);
  });

  test('of 401 asks for a bearer token', async () => {
    expect((await answer(new ApiError('auth.unauthenticated'))).headers['www-authenticate']).toBe('Bearer');
    expect((await answer(new ApiError('auth.forbidden'))).headers['www-authenticate']).toBeUndefined();
  });

  test('of 503 is a warning in the log, with the words that operators look for', async () => {
    const cause = new Error('connect ECONNREFUSED');
    const { status, log } = await answer(
      new ApiError('service.unavailable', { retryAfterSeconds: 1, cause }),
    );
    expect(status).toBe(503);
    expect(log).toMatchObject([{ message: 'connection failed or timed out: connect ECONNREFUSED' }]);
  });
});

describe('an unforeseen error', () => {
  test.each([
    ['an error', new TypeError('password of ada@example.com is undefined')],
    ['a thrown text', 'password of ada@example.com'],
    ['an error that calls itself a 500', Object.assign(new Error('ada@example.com'), { statusCode: 500 })],
  ])('(%s) is a 500 that gives nothing away', async (_, error) => {
    const { status, body, log } = await answer(error);
    expect([status, body.code]).toEqual([500, 'service.internal']);
    expect(JSON.stringify(body)).not.toContain('ada@example.com');
    expect(log).toMatchObject([{ message: 'request failed', request_id: 'r-1' }]);
  });

  test('that the framework blames on the client is a 400 in words of ours', async () => {
    const { status, body } = await answer(Object.assign(new Error('inner words'), { statusCode: 418 }));
    expect([status, body.code, body.detail]).toEqual([
      400,
      'request.malformed',
      'The request could not be read',
    ]);
  });
});

describe('what the framework refuses', () => {
  test.each([
    ['another media type', { 'content-type': 'text/plain' }, 'x', 415, 'request.unsupported_media_type'],
    [
      'a body over 1 MiB',
      { 'content-type': 'application/json' },
      ' '.repeat(1_048_577),
      413,
      'request.too_large',
    ],
  ])('%s is a problem document, too', async (_, headers, payload, status, code) => {
    const { app } = await failing(new Error('not reached'));
    const reply = await app.inject({ method: 'POST', url: '/fail', headers, payload });
    expect([reply.statusCode, reply.json().code]).toEqual([status, code]);
  });

  test('and so is a path that leads nowhere, or cannot be read', async () => {
    const { app } = await failing(new Error('not reached'));
    const codeOf = async (url: string) => (await app.inject(url)).json().code;
    expect(await codeOf('/nowhere')).toBe('route.not_found');
    expect(await codeOf('/%zz')).toBe('request.malformed');
    expect(await codeOf(`/${'a'.repeat(8_200)}`)).toBe('request.uri_too_long');
  });
});
