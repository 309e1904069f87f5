import type { FastifyReply, FastifyRequest } from 'fastify';

/** Headers of every reply (OWASP REST Security Cheat Sheet). The documentation pages set their own policy. */
const securityHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/** Sets the headers that every reply carries, those to requests that reached no hook included. */
export function setCommonHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers(securityHeaders).header('x-request-id', request.id);
}
