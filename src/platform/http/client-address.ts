import type { IncomingMessage } from 'node:http';
import { isIPv4, isIPv6, SocketAddress } from 'node:net';
import type { FastifyRequest } from 'fastify';
import type { AddressSet } from './address-set.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Whose X-Forwarded-For is believed. */
    trustedProxies: AddressSet;
  }
}

/** Where a request comes from, in the one spelling in which addresses are logged, recorded and counted. */
export const clientAddress = (request: FastifyRequest): string =>
  clientAddressOf(request.raw, request.server.trustedProxies);

/**
 * What the trusted proxies say of a request's origin: walking back from the connection, each one names the address before it. Empty
 * where the connection is gone. @NOTE a proxy may pass on any text; what is no IP address is not believed.
 */
export function clientAddressOf({ socket, headers }: IncomingMessage, trusted: AddressSet): string {
  let address = canonicalAddress(socket.remoteAddress ?? '') ?? '';
  if (headers['x-forwarded-for'] === undefined) {
    return address;
  }
  const told = [headers['x-forwarded-for']].flat().join(',').split(',');
  for (let next = told.pop(); next !== undefined && trusted.has(address); next = told.pop()) {
    const before = canonicalAddress(next);
    if (before === undefined) {
      break;
    }
    address = before;
  }
  return address;
}

/**
 * `clientAddress`; undefined where a proxy says that it passes the request on whose word is not believed: everybody behind it comes from its
 * address, and may be anybody.
 */
export const toldAddress = (request: FastifyRequest): string | undefined =>
  isFromTrustedProxy(request.raw, request.server.trustedProxies) === false
    ? undefined
    : clientAddress(request);

/** Whether a proxy sent a request whose word is believed; undefined where no proxy says that it did. */
export function isFromTrustedProxy(
  { socket, headers }: IncomingMessage,
  trusted: AddressSet,
): boolean | undefined {
  return headers['x-forwarded-for'] === undefined
    ? undefined
    : trusted.has(canonicalAddress(socket.remoteAddress ?? '') ?? '');
}

/**
 * An IP address as RFC 5952 writes it, IPv4 where it stands for that (`::ffff:192.0.2.1`), without the port that some gateways add
 * and the interface that a link-local one may name (`fe80::1%eth0`). Undefined where the text is none.
 */
export function canonicalAddress(text: string): string | undefined {
  const [, bracketed, beforePort] = /^(?:\[([^\]]*)\](?::\d+)?|([\d.]+):\d+)$/.exec(text.trim()) ?? [];
  const address = (bracketed ?? beforePort ?? text.trim()).replace(/%.*$/s, '');
  if (isIPv4(address)) {
    return address;
  }
  if (!isIPv6(address)) {
    return undefined;
  }
  const canonical = new SocketAddress({ address, family: 'ipv6' }).address;
  const [, mapped] = /^::ffff:([\d.]+)$/.exec(canonical) ?? [];
  return mapped ?? canonical;
}

/**
 * What limits count by: an IPv4 address itself, and of an IPv6 address the first 64 bits, which one customer has at least
 * (RFC 6177): they can send from any address in it. Takes a canonical address.
 */
export function clientNetwork(address: string): string {
  if (!isIPv6(address)) {
    return address;
  }
  const [head = [], tail = []] = address.split('::').map((part) => part.split(':').filter(Boolean));
  const zeros = Array<string>(8 - head.length - tail.length).fill('0');
  return `${[...head, ...zeros, ...tail].slice(0, 4).join(':')}::/64`;
}
