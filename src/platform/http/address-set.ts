import { BlockList, isIP, isIPv4 } from 'node:net';

/** A set of IP addresses, from addresses and networks in CIDR notation. An IPv4-mapped IPv6 address is the IPv4 address. */
export class AddressSet {
  readonly #list = new BlockList();

  constructor(items: readonly string[]) {
    for (const item of items) {
      const [address = '', prefix] = item.split('/');
      const family = isIPv4(address) ? 'ipv4' : 'ipv6';
      const whole = family === 'ipv4' ? 32 : 128;
      this.#list.addSubnet(address, prefix === undefined ? whole : Number(prefix), family);
    }
  }

  /** False for what is no address, too. */
  has(address: string): boolean {
    return isIP(address) !== 0 && this.#list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
  }
}
