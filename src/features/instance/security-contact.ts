import type { FastifyInstance } from 'fastify';

/** How long what is said may be believed: RFC 9116 wants it under a year. */
const validDays = 180;
const dayMs = 86_400_000;

/** The contact as RFC 9116 has it. @param contacts `mailto:` and `https:` addresses, the preferred one first */
export function securityText(contacts: readonly string[], now: number): string {
  const expires = new Date(Math.ceil(now / dayMs + validDays) * dayMs).toISOString();
  const lines = [...contacts.map((contact) => `Contact: ${contact}`), `Expires: ${expires}`];
  return lines.map((line) => `${line}\n`).join('');
}

/** Serves `/.well-known/security.txt`, where there is somebody to name. */
export function serveSecurityContact(app: FastifyInstance, contacts: readonly string[]): void {
  if (contacts.length > 0) {
    app.get('/.well-known/security.txt', { config: { permission: 'public' } }, async (_request, reply) =>
      reply.type('text/plain; charset=utf-8').send(securityText(contacts, Date.now())),
    );
  }
}
