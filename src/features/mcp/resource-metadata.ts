import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const metadataPath = '/.well-known/oauth-protected-resource';

/** The address that the client knows the service by, as far as it says so. */
function baseOf({ headers, host, raw }: FastifyRequest): string {
  const isSecure = 'encrypted' in raw.socket || headers['x-forwarded-proto'] === 'https';
  return `${isSecure ? 'https' : 'http'}://${host}`;
}

/** Says with a refusal where to read of keys (RFC 9728, 5.1). Taken back where nobody is refused. */
export const tellWhereKeysComeFrom = (request: FastifyRequest, reply: FastifyReply, path: string): void => {
  reply.header('www-authenticate', `Bearer resource_metadata="${baseOf(request)}${metadataPath}${path}"`);
};

/** Serves RFC 9728, 2 of what stands at a path. @NOTE no authorization server: keys are made by people, through the API. */
export function serveResourceMetadata(app: FastifyInstance, path: string): void {
  for (const place of [metadataPath, `${metadataPath}${path}`]) {
    app.get(place, { config: { permission: 'public' } }, async (request, reply) =>
      reply.send({
        resource: `${baseOf(request)}${path}`,
        authorization_servers: [],
        bearer_methods_supported: ['header'],
        resource_name: 'Brownie Metadata API',
        resource_documentation: `${baseOf(request)}/docs`,
      }),
    );
  }
}
