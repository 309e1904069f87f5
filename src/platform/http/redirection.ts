import type { FastifyReply } from 'fastify';

/** An answer of a route that declares `redirects`: 302 to another page, and what the browser is to keep for its way back. */
export class Redirection {
  readonly url: string;
  /** Values of Set-Cookie. */
  readonly cookies: readonly string[];

  constructor(url: string, cookies: readonly string[] = []) {
    this.url = url;
    this.cookies = cookies;
  }
}

/** Sends it; a route that is not declared to is a fault of ours. */
export function redirect(
  route: {
    readonly operationId: string;
    readonly redirects?: boolean | undefined;
    readonly permission: string;
  },
  { url, cookies }: Redirection,
  reply: FastifyReply,
): FastifyReply {
  if (!route.redirects || route.permission !== 'public') {
    throw new Error(`${route.operationId} is not declared to redirect`);
  }
  return reply.header('set-cookie', [...cookies]).redirect(url, 302);
}
