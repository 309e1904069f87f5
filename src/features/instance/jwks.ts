import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { SigningKeys } from '../../platform/auth/key-ring/index.ts';

/** @NOTE a key is shown ten seconds before it signs at the earliest: whoever keeps the document for so long knows it by then. */
const maxAgeSeconds = 5;

/** The public keys that access tokens are verified with, as RFC 7517 has them; none while a shared secret signs. */
export const jwksText = (keys: Pick<SigningKeys, 'all'>): string =>
  JSON.stringify({ keys: keys.all().flatMap(({ pair }) => (pair === undefined ? [] : [pair.jwk])) });

/** Serves `/.well-known/jwks.json`. */
export function serveJwks(app: FastifyInstance, keys: Pick<SigningKeys, 'all'>): void {
  app.get('/.well-known/jwks.json', { config: { permission: 'public' } }, async (request, reply) => {
    const text = jwksText(keys);
    const tag = `"${createHash('sha256').update(text).digest('base64url')}"`;
    reply.headers({ 'cache-control': `public, max-age=${maxAgeSeconds}`, etag: tag });
    const known = request.headers['if-none-match'];
    return known === '*' || known?.includes(tag)
      ? reply.code(304).send()
      : reply.type('application/jwk-set+json').serializer(String).send(text);
  });
}
