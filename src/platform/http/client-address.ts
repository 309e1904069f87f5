import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';

/**
 * Where a request comes from: what a trusted proxy says of it, else the other end of its connection. @NOTE a proxy may pass
 * on any text; what is no IP address is not believed.
 */
export const clientAddress = (request: FastifyRequest): string => {
  const told = withoutZone(request.ip);
  return isIP(told) === 0 ? withoutZone(request.socket.remoteAddress ?? '') : told;
};

/** Without the interface that a link-local address may name: `fe80::1%eth0`. */
const withoutZone = (address: string): string => address.replace(/%.*$/s, '');
