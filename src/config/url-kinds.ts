import { bad, good, type Kind, type Parsed, quote } from './kinds.ts';

/** The issuer of an OpenID Connect provider, kept as it is written: OpenID Connect Core, 2, compares it as text. */
export function issuerUrl(): Kind<string> {
  return {
    expects: 'URL, `https://`',
    secret: false,
    parse: (raw) => {
      const url = secureUrl(raw, 'https://id.example.com');
      if (!url.ok) {
        return url;
      }
      // @NOTE a token of whatever directory would be taken for one of yours.
      return isOfAnyTenant(url.value)
        ? bad(
            `${quote(raw)} names no directory; write the id of yours in the place of ${url.value.pathname.split('/')[1]}`,
          )
        : good(raw.trim());
    },
    format: (value) => value,
  };
}

const isOfAnyTenant = ({ hostname, pathname }: URL): boolean =>
  /^login\.(partner\.)?microsoftonline\.(com|us|cn)$/.test(hostname) &&
  /^\/(common|organizations|consumers)(\/|$)/.test(pathname);

/** A page that links lead to, without query or fragment. */
export function pageUrl(example: string): Kind<string> {
  return {
    expects: 'URL, `https://`',
    secret: false,
    parse: (raw) => {
      const url = secureUrl(raw, example);
      return url.ok ? good(url.value.href) : url;
    },
    format: (value) => value,
  };
}

/** Where a provider sends browsers back to. Providers compare it as text, too: it must be written as browsers write it. */
export function redirectUri(): Kind<string> {
  return {
    expects: 'URL, `https://`',
    secret: false,
    parse: (raw) => {
      const url = secureUrl(raw, 'https://api.example.com/api/v1/auth/okta/callback');
      if (!url.ok) {
        return url;
      }
      return url.value.href === raw.trim()
        ? good(url.value.href)
        : bad(`${quote(raw)} is not how a browser writes it; write ${url.value.href}`);
    },
    format: (value) => value,
  };
}

/** @NOTE codes and tokens travel on it: plain HTTP only where they do not leave the machine. */
function secureUrl(raw: string, example: string): Parsed<URL> {
  const url = URL.parse(raw.trim());
  if (url === null || !/^https?:$/.test(url.protocol)) {
    // @NOTE not quoted: what cannot be read may hold a password.
    return bad(`is not an https:// URL; write it like ${example}`);
  }
  if (url.username !== '' || url.password !== '' || /[?#]/.test(raw)) {
    return bad(`holds credentials, a query or a fragment; write it like ${example}`);
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return bad(
      `${quote(raw)} is plain HTTP, which is taken on this machine's own addresses only; give https://`,
    );
  }
  return good(url);
}

export const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '::1' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
