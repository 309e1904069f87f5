import type { IncomingMessage } from 'node:http';
import { SocketAddress } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AddressSet } from './address-set.ts';
import { canonicalAddress, clientAddressOf, clientNetwork } from './client-address.ts';

describe('an address', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    [' 192.0.2.1 ', '192.0.2.1'],
    ['192.0.2.1:443', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:0201', '192.0.2.1'],
    ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
    ['[::ffff:192.0.2.1]:443', '192.0.2.1'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['[fe80::1%25eth0]:443', 'fe80::1'],
    ['::1', '::1'],
    ['', undefined],
    ['unknown', undefined],
    ['_hidden', undefined],
    ['192.0.2.1:port', undefined],
    ['192.0.2.256', undefined],
    ['192.0.2.01', undefined],
    ['[192.0.2.1', undefined],
    ['2001:db8::1]:443', undefined],
    ['1.2.3.4, 5.6.7.8', undefined],
    ['a'.repeat(400), undefined],
  ])('%j is %j', (text, canonical) => expect(canonicalAddress(text)).toBe(canonical));

  test('of IPv6 is one text, however it was spelled', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const spelled = [address, address.toUpperCase(), `[${address}]:8080`, `${address}%lo`];
        expect(new Set(spelled.map(canonicalAddress)).size).toBe(1);
        expect(canonicalAddress(canonicalAddress(address) ?? '')).toBe(canonicalAddress(address));
      }),
    );
  });
});

describe('the network that a client is counted by', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001::4:5:6:7:8', '2001:0:0:4::/64'],
    ['::1', '0:0:0:0::/64'],
    ['', ''],
  ])('of %s is %s', (address, network) => expect(clientNetwork(address)).toBe(network));

  test('is one for a whole /64, and another for each', () => {
    const group = fc.integer({ min: 1, max: 0xffff }).map((value) => value.toString(16));
    const groups = fc.array(group, { minLength: 4, maxLength: 4 });
    const networkOf = (...parts: string[]): string => {
      const address = new SocketAddress({ address: parts.join(':'), family: 'ipv6' }).address;
      return clientNetwork(address);
    };
    fc.assert(
      fc.property(groups, groups, groups, (network, host, other) => {
        expect(networkOf(...network, ...host)).toBe(networkOf(...network, ...other));
        fc.pre(network.join() !== other.join());
        expect(networkOf(...network, ...host)).not.toBe(networkOf(...other, ...host));
      }),
    );
  });
});

describe('where a request comes from', () => {
  const from = (
    remoteAddress: string | undefined,
    told?: string,
    proxies = ['10.0.0.0/8', '2001:db8::/64'],
  ) =>
    clientAddressOf(
      {
        socket: { remoteAddress },
        headers: told === undefined ? {} : { 'x-forwarded-for': told },
      } as unknown as IncomingMessage,
      new AddressSet(proxies),
    );

  test.each([
    ['nobody is in between', '203.0.113.9', undefined, '203.0.113.9'],
    ['the connection is gone', undefined, undefined, ''],
    ['whoever says otherwise is no proxy of ours', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['a proxy says so', '10.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['the connection spells the proxy as IPv6', '::ffff:10.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['the proxy passes a port on', '10.0.0.1', '203.0.113.9:50123', '203.0.113.9'],
    ['the proxy spells it as IPv6', '10.0.0.1', '::ffff:203.0.113.9', '203.0.113.9'],
    ['a client wrote something first', '10.0.0.1', '198.51.100.1, 203.0.113.9', '203.0.113.9'],
    ['two proxies say so', '10.0.0.1', '203.0.113.9, 10.0.0.2', '203.0.113.9'],
    ['two proxies say so, with ports', '10.0.0.1', '203.0.113.9:1, 10.0.0.2:2', '203.0.113.9'],
    ['two proxies say so, one as IPv6', '2001:DB8::1', '203.0.113.9,::ffff:10.0.0.2', '203.0.113.9'],
    ['a proxy passes on no address', '10.0.0.1', 'unknown', '10.0.0.1'],
    ['a proxy before passes on no address', '10.0.0.1', 'unknown, 10.0.0.2', '10.0.0.2'],
    ['a proxy itself asks', '10.0.0.1', undefined, '10.0.0.1'],
  ])('where %s', (_, connection, told, address) => expect(from(connection, told)).toBe(address));

  test('an IPv4 proxy may be listed as IPv6', () => {
    expect(from('10.0.0.1', '203.0.113.9', ['::ffff:10.0.0.0/104'])).toBe('203.0.113.9');
  });
});
