import { bad, good, type Kind, type Parsed, quote } from './kinds.ts';
import { maskedSecret } from './secret-kinds.ts';

export type KeyPairs = Readonly<Record<string, string>>;

/** The URL of an OTLP receiver. Credentials belong into headers: this one is shown as it is. */
export function otlpUrl(): Kind<string> {
  return {
    expects: 'URL, `http://` or `https://`',
    secret: false,
    parse: (raw) => {
      const url = URL.parse(raw.trim());
      if (url === null || !/^https?:$/.test(url.protocol)) {
        // @NOTE not quoted: what cannot be read may hold a password.
        return bad('is not an http:// or https:// URL; write http://collector.example.com:4318');
      }
      if (url.username !== '' || url.password !== '' || url.search !== '') {
        return bad('holds credentials or a query; put them into OTEL_EXPORTER_OTLP_HEADERS');
      }
      return good(url.href);
    },
    format: (value) => value,
  };
}

/** `key=value,key=value`, percent-encoded, as W3C Baggage writes them. */
export function keyPairs(): Kind<KeyPairs> {
  return {
    expects: '`key=value` pairs with commas between',
    secret: false,
    parse: parsePairs,
    format: (pairs) =>
      Object.entries(pairs)
        .map((pair) => pair.map(encodeURIComponent).join('='))
        .join(','),
  };
}

/** The same where the values are secrets: shown as a mask. No fault quotes it. */
export function secretKeyPairs(): Kind<KeyPairs> {
  const kind = keyPairs();
  return { ...kind, secret: true, format: (pairs) => maskedSecret(kind.format(pairs)) };
}

function parsePairs(raw: string): Parsed<KeyPairs> {
  const pairs: Record<string, string> = {};
  for (const [index, item] of raw.split(',').entries()) {
    const [, key, value] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/s.exec(item) ?? [];
    const decoded = key === undefined || value === undefined ? undefined : decode(key, value);
    if (decoded === undefined) {
      return bad(
        `pair ${index + 1} is not key=value; write key=value,key=value and percent-encode , = % and spaces`,
      );
    }
    pairs[decoded[0]] = decoded[1];
  }
  return good(pairs);
}

function decode(key: string, value: string): readonly [string, string] | undefined {
  try {
    return [decodeURIComponent(key), decodeURIComponent(value)];
  } catch {
    return undefined;
  }
}

/** A share from 0 to 1, both included. */
export function shareOfOne(): Kind<number> {
  return {
    expects: 'number from 0 to 1',
    secret: false,
    parse: (raw) => {
      const value = /^\d*\.?\d+$/.test(raw.trim()) ? Number(raw) : Number.NaN;
      return value >= 0 && value <= 1
        ? good(value)
        : bad(`${quote(raw)} is not a number from 0 to 1; give one such as 0.1`);
    },
    format: String,
  };
}
