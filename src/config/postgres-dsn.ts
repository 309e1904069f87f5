import { bad, good, type Kind } from './kinds.ts';
import { fingerprint, mask } from './secret-kinds.ts';

/**
 * A PostgreSQL connection string, of one server or several. Its parameters (`sslmode`, `sslcert`, `sslkey`, `sslrootcert` …) are passed
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
      if (
        !eachServer(dsn).every((each) => URL.canParse(each) || URL.canParse(each.replace('@/', '@socket/')))
      ) {
        return bad(
          'is not a valid connection string; percent-encode the special characters of user and password ' +
            '(/ is %2F, @ is %40, # is %23) and give a port from 1 to 65535',
        );
      }
      const fault = tlsModeFault(dsn) ?? serversFault(dsn);
      return fault === undefined ? good(dsn) : bad(fault);
    },
    format: (value) => `${maskedDsn(value)} (sha256 ${fingerprint(value)})`,
  };
}

/**
 * Connection strings of servers to read from, apart by spaces; each may name several. Which of them is asked what is not
 * theirs to say.
 */
export function postgresDsnList(): Kind<readonly string[]> {
  const one = postgresDsn();
  return {
    expects: 'PostgreSQL connection strings, apart by spaces',
    secret: true,
    parse: (raw) => {
      const dsns: string[] = [];
      for (const text of raw.trim().split(/\s+/)) {
        const parsed = one.parse(text);
        if (!parsed.ok) {
          return parsed;
        }
        if (parametersOf(text).has('target_session_attrs')) {
          return bad('has target_session_attrs; leave it out: each server is looked at by itself');
        }
        dsns.push(parsed.value);
      }
      return good(dsns);
    },
    format: (values) => values.map(one.format).join(' '),
  };
}

/** The connection string once for each server that it names: libpq's `host1:5432,host2:5432`. */
function eachServer(dsn: string): readonly string[] {
  const [, before = '', hosts, after = ''] =
    /^([a-z]+:\/\/(?:[^/?#]*@)?)([^/?#@]*,[^/?#@]*)(.*)$/i.exec(dsn) ?? [];
  return hosts === undefined
    ? [dsn]
    : hosts.split(',').map((host) => (host === '' ? '' : `${before}${host}${after}`));
}

/** Of libpq's words for target_session_attrs those that lead to a server that a service can work on. */
const demands = ['any', 'read-write', 'primary'];

/** What is wrong with what a connection string says of its servers: the rest of a sentence. */
export function serversFault(dsn: string): string | undefined {
  const given = parametersOf(dsn);
  if (given.getAll('target_session_attrs').some((demand) => !demands.includes(demand))) {
    return 'has a target_session_attrs other than read-write, primary and any; write target_session_attrs=read-write for the server that takes writes';
  }
  if (given.has('load_balance_hosts')) {
    return 'has load_balance_hosts, which is not known here; leave it out: of several servers the first that fits is taken';
  }
  return given.getAll('host').some((host) => host.includes(','))
    ? 'names several servers in the parameter host; write them before the database, host1:5432,host2:5432'
    : undefined;
}

/** What a person should know about what it says of its servers: the rest of a sentence. */
export function serversWarning(dsn: string): string | undefined {
  const isLoose =
    eachServer(dsn).length > 1 &&
    !['read-write', 'primary'].includes(parametersOf(dsn).get('target_session_attrs') ?? '');
  return isLoose
    ? 'names several servers, and takes the first that answers, a standby, too; write target_session_attrs=read-write'
    : undefined;
}

/**
 * @NOTE host and database are shown only where exactly one @ stands before the first / ? or #: otherwise
 * a password with such a character could pass for a host.
 */
function maskedDsn(dsn: string): string {
  const parts = /^(postgres(?:ql)?:\/\/)[^@/?#]*@([^@/?#]*)(\/[^@/?#]*)?(?:\?[^@#]*)?$/i.exec(dsn);
  return parts === null ? mask : `${parts[1] ?? ''}${mask}@${parts[2] ?? ''}${parts[3] ?? ''}`;
}

/** What sslmode may say; `no-verify` is the driver's own word. */
const modes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'];

const loose = /([?&]sslmode=)(allow|prefer|require|verify-ca)(?=&|#|$)/;

const parametersOf = (dsn: string): URLSearchParams => new URLSearchParams(/\?([^#]*)/.exec(dsn)?.[1] ?? '');

/** The names of its parameters as they are written. */
const writtenNames = (dsn: string): string[] =>
  (/\?([^#]*)/.exec(dsn)?.[1] ?? '').split('&').map((pair) => pair.split('=')[0] ?? '');

/** What is wrong with what a connection string says of TLS: the rest of a sentence. It quotes nothing but words of TLS. */
export function tlsModeFault(dsn: string): string | undefined {
  const given = parametersOf(dsn);
  const names = [...given.keys()].filter((name) => name.startsWith('ssl'));
  // @NOTE the driver takes the last of several, reads names that are written with %, and obeys `ssl` over sslmode.
  if (new Set(names).size < names.length || names.some((name) => !writtenNames(dsn).includes(name))) {
    return 'says something of TLS twice, or in other letters; write each parameter once, as it is called';
  }
  if (given.has('ssl')) {
    return 'has the parameter ssl, which psql refuses; write sslmode=verify-full, or sslmode=disable for no TLS';
  }
  const mode = given.get('sslmode');
  if (mode !== null && !modes.includes(mode)) {
    return 'has an sslmode that is not known; write sslmode=verify-full, or sslmode=disable for no TLS';
  }
  if (given.has('uselibpqcompat')) {
    return 'has uselibpqcompat, which psql refuses and which turns verification off; write sslmode=verify-full alone';
  }
  return given.get('sslrootcert') === 'system'
    ? 'has sslrootcert=system; leave sslrootcert out for the well-known authorities, or name a file'
    : undefined;
}

/** What a person should know about what a connection string says of TLS: the rest of a sentence. */
export function tlsModeWarning(dsn: string): string | undefined {
  const mode = loose.exec(dsn)?.[2];
  return mode === undefined
    ? undefined
    : `sslmode=${mode} is read as verify-full: the certificate and the name of the server are verified; write sslmode=verify-full`;
}

/** Whether a connection is secured without looking who is at the other end. */
export const isUnverified = (dsn: string): boolean => parametersOf(dsn).get('sslmode') === 'no-verify';

/** Whether passwords and rows go over a network in the clear: to another machine, without TLS. */
export function isPlaintext(dsn: string): boolean {
  const given = parametersOf(dsn);
  // @NOTE files without sslmode ask for TLS, and for verification: see platform/database/dsn-tls.ts.
  const hasFiles = ['sslcert', 'sslkey', 'sslrootcert'].some((name) => given.get(name));
  const mode = given.get('sslmode') ?? (hasFiles ? 'verify-full' : 'disable');
  return mode === 'disable' && hostsOf(dsn).some((host) => !isLocal(host));
}

/** The hosts of a connection string; an empty one is this machine's. */
function hostsOf(dsn: string): string[] {
  const authority = /^postgres(?:ql)?:\/\/(?:[^/?#]*@)?([^/?#]*)/i.exec(dsn)?.[1] ?? '';
  const named = parametersOf(dsn).get('host') ?? parametersOf(dsn).get('hostaddr');
  return (named ?? authority).split(',').map((host) => host.replace(/:\d*$/, ''));
}

const isLocal = (host: string): boolean =>
  host === '' ||
  host === 'localhost' ||
  /^(\/|%2f)/i.test(host) ||
  /^127(\.\d+){3}$/.test(host) ||
  /^\[?::1\]?$/.test(host);

/**
 * A connection string whose sslmode means the same to every program: what libpq takes for less than verify-full, and the
 * driver does not, is verify-full.
 */
export const strictTls = (dsn: string): string => dsn.replace(loose, '$1verify-full');
