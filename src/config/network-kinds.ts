import { isIP } from 'node:net';
import { bad, good, jsonList, type Kind, quote } from './kinds.ts';

const hostname = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i;

/** An address or host name to listen on, without scheme, port or brackets. */
export function listenHost(): Kind<string> {
  return {
    expects: 'IP address or host name',
    secret: false,
    parse: (raw) => {
      const host = raw.trim();
      // @NOTE four numbers that are no IPv4 address (256.0.0.1) would else pass as a host name
      const named = hostname.test(host) && !/^[\d.]+$/.test(host);
      if (isIP(host) !== 0 || named) {
        return good(host);
      }
      return bad(
        `${quote(raw)} is neither an IP address nor a host name; give one without scheme, port or [ ]`,
      );
    },
    format: (value) => value,
  };
}

/** A JSON list of exact browser origins: scheme, host and port as a browser sends them. Never `*` or `null`. */
export function originList(): Kind<readonly string[]> {
  return jsonList({
    expects: 'JSON list of exact origins',
    example: '["https://app.example.com"]',
    check: originFault,
  });
}

function originFault(origin: string): string | undefined {
  if (origin === '*' || origin === 'null') {
    return 'would let any site act with its visitors’ rights; list the exact origins';
  }
  const url = URL.parse(origin);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.hostname.includes('*')) {
    return 'is not an exact origin; write it like https://app.example.com';
  }
  return url.origin === origin ? undefined : `is not an exact origin; write ${quote(url.origin)}`;
}

/** A JSON list of addresses where people are reached: `mailto:` or `https:` (RFC 9116, 2.5.3). */
export function contactList(): Kind<readonly string[]> {
  return jsonList({
    expects: 'JSON list of mailto: and https: addresses',
    example: '["mailto:security@example.com"]',
    check: (item) =>
      /^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/.test(item) && URL.canParse(item)
        ? undefined
        : 'is no address where people are reached; write it like mailto:security@example.com',
  });
}

/** A JSON list of IP addresses and networks in CIDR notation; a network of every address is refused. */
export function addressList(): Kind<readonly string[]> {
  return jsonList({
    expects: 'JSON list of IP addresses and CIDR networks',
    example: '["10.0.0.0/8", "127.0.0.1"]',
    check: addressFault,
  });
}

function addressFault(item: string): string | undefined {
  const [address = '', prefix, ...rest] = item.split('/');
  const family = address.includes('%') ? 0 : isIP(address);
  const prefixMax = family === 4 ? 32 : 128;
  const prefixIsGood =
    prefix === undefined || (/^(0|[1-9]\d{0,2})$/.test(prefix) && Number(prefix) <= prefixMax);
  if (family === 0 || rest.length > 0 || !prefixIsGood) {
    return 'is neither an IP address nor a network; write it like 127.0.0.1 or 10.0.0.0/8';
  }
  if (prefix === '0') {
    return 'would believe X-Forwarded-For from anybody; list the addresses of your own proxies';
  }
  return undefined;
}

/** The address of a service, without credentials in it. */
export function serviceUrl(): Kind<string> {
  return {
    expects: 'URL, http:// or https://',
    secret: false,
    parse: (raw) => {
      const url = URL.parse(raw.trim());
      return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === ''
        ? good(raw.trim())
        : bad(
            'is not a URL with http:// or https:// and without user and password; write https://s3.example.com',
          );
    },
    format: (value) => value,
  };
}
