import type { FastifyReply, FastifyRequest } from 'fastify';
import { isSecure } from './tls.ts';

/** Headers of every reply (OWASP REST Security Cheat Sheet). The documentation pages set their own policy. */
const securityHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/** For a year, as RFC 6797 has it: said where this service itself speaks HTTPS; before a proxy that does, the proxy says it. */
const strictTransport = { 'strict-transport-security': 'max-age=31536000' } as const;

/** The headers of every reply of a listener, but for the id of the request. */
export const commonHeaders = (isHttps: boolean): Readonly<Record<string, string>> =>
  isHttps ? { ...securityHeaders, ...strictTransport } : securityHeaders;

/** Sets the headers that every reply carries, those to requests that reached no hook included. */
export function setCommonHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers(commonHeaders(isSecure(request.server))).header('x-request-id', request.id);
}
