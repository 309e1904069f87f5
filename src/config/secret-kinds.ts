import { createHash } from 'node:crypto';
import { tlsModeFault } from './dsn-tls-mode.ts';
import { bad, good, type Kind } from './kinds.ts';

const mask = '********';

/** The first 8 hex digits of a text's SHA-256: enough to tell two secrets apart, useless to find one. */
function fingerprint(secret: string): string {
  return createHash('sha256').update(secret).digest('hex').slice(0, 8);
}

/** A secret as people may see it: hidden, with its fingerprint. */
export function maskedSecret(secret: string): string {
  return `${mask} (sha256 ${fingerprint(secret)})`;
}

/** A secret taken exactly as written, spaces included. Shown as a mask and its fingerprint. */
export function secretText(expects: string): Kind<string> {
  return {
    expects,
    secret: true,
    parse: (raw) => (raw.trim() === '' ? bad('is blank; give a value or unset it') : good(raw)),
    format: maskedSecret,
  };
}

/**
 * A PostgreSQL connection string. Its parameters (`sslmode`, `sslcert`, `sslkey`, `sslrootcert` …) are passed
 * to the driver untouched. Shown without user, password and parameters. No fault quotes it.
 */
export function postgresDsn(): Kind<string> {
  return {
    expects: 'PostgreSQL connection string',
    secret: true,
    parse: (raw) => {
      const dsn = raw.trim();
      if (!/^postgres(ql)?:\/\/./i.test(dsn)) {
        return bad(
          'does not begin with postgres:// or postgresql://; write postgresql://user:password@host:5432/database',
        );
      }
      // @NOTE the driver reads `user@/database?host=/socket` too, which the URL standard does not
      if (!URL.canParse(dsn) && !URL.canParse(dsn.replace('@/', '@socket/'))) {
        return bad(
          'is not a valid connection string; percent-encode the special characters of user and password ' +
            '(/ is %2F, @ is %40, # is %23) and give a port from 1 to 65535',
        );
      }
      const fault = tlsModeFault(dsn);
      return fault === undefined ? good(dsn) : bad(fault);
    },
    format: (value) => `${maskedDsn(value)} (sha256 ${fingerprint(value)})`,
  };
}

/** The URL of a Redis: `redis://` or, with TLS, `rediss://`. Shown without user and password. No fault quotes it. */
export function redisUrl(): Kind<string> {
  return {
    expects: 'Redis URL',
    secret: true,
    parse: (raw) => {
      const url = URL.parse(raw.trim());
      if (url === null || !/^rediss?:$/.test(url.protocol) || url.hostname === '') {
        return bad('is not a Redis URL; write redis://user:password@host:6379/0, or rediss:// for TLS');
      }
      return good(raw.trim());
    },
    format: (value) => {
      const url = new URL(value);
      return `${url.protocol}//${mask}@${url.host}${url.pathname} (sha256 ${fingerprint(value)})`;
    },
  };
}

/** A token that opens operators' doors: at least 32 characters without spaces. */
export function operatorToken(): Kind<string> {
  return {
    expects: 'token of at least 32 characters',
    secret: true,
    parse: (raw) =>
      /^\S{32,}$/.test(raw.trim())
        ? good(raw.trim())
        : bad('needs at least 32 characters without spaces; make a good one with: openssl rand -base64 32'),
    format: maskedSecret,
  };
}

/**
 * @NOTE host and database are shown only where exactly one @ stands before the first / ? or #: otherwise
 * a password with such a character could pass for a host.
 */
function maskedDsn(dsn: string): string {
  const parts = /^(postgres(?:ql)?:\/\/)[^@/?#]*@([^@/?#]*)(\/[^@/?#]*)?(?:\?[^@#]*)?$/i.exec(dsn);
  return parts === null ? mask : `${parts[1] ?? ''}${mask}@${parts[2] ?? ''}${parts[3] ?? ''}`;
}
