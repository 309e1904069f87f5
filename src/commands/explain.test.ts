import { CommanderError } from 'commander';
import { expect, test } from 'vitest';
import { ConfigurationError } from '../config/index.ts';
import { EmbeddedPostgresError } from '../platform/embedded-postgres/index.ts';
import { ApiError } from '../platform/errors/api-error.ts';
import { OperationError, RefusedError, StartError } from '../platform/errors/operation-error.ts';
import { MigrationFilesError, MigrationRefusedError } from '../platform/migrations/index.ts';
import { explain } from './explain.ts';

test.each([
  new OperationError('mend it'),
  new StartError('mend it'),
  new EmbeddedPostgresError('mend it'),
  new MigrationFilesError(['mend it']),
  new MigrationRefusedError('mend it'),
])('$name is told in its own words, without a stack', (error) => {
  expect(explain(error)).toMatchObject({ lines: ['mend it'], exitCode: 1 });
});

test('a procedure that failed ends with 1, one that refused to begin with 4', () => {
  expect(explain(new OperationError('mend it'))).toMatchObject({ lines: ['mend it'], exitCode: 1 });
  expect(explain(new RefusedError('not like this'))).toMatchObject({ lines: ['not like this'], exitCode: 4 });
});

test('every fault of a configuration is told', () => {
  const { lines, exitCode } = explain(new ConfigurationError(['one', 'two'], ['three']));
  expect([lines, exitCode]).toEqual([['one', 'two', 'warning: three'], 1]);
});

test('a database that is away is told in one line, also where the service would answer 503', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const line =
    'The database cannot be reached (ECONNREFUSED): check METADATA_POSTGRES_DSN and that it is running';
  expect(explain(refused).lines).toEqual([line]);
  expect(explain(new ApiError('service.unavailable', { cause: refused })).lines).toEqual([line]);
  expect(explain(new Error('Connection terminated unexpectedly')).lines).toHaveLength(1);
});

test.each([
  Object.assign(new Error('connect EHOSTUNREACH 10.0.0.7:5432'), { code: 'EHOSTUNREACH' }),
  Object.assign(new Error('connect ENOENT /run/postgresql/.s.PGSQL.5432'), { code: 'ENOENT' }),
  new Error('timeout expired'),
])('so is one that gives no answer: %s', (error) => {
  expect(explain(error).lines).toEqual([expect.stringMatching(/^The database cannot be reached/)]);
});

test.each(['SELF_SIGNED_CERT_IN_CHAIN', 'ERR_TLS_CERT_ALTNAME_INVALID', 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA'])(
  'a server that cannot be trusted (%s) is told in one line that says where to look',
  (code) => {
    const [line, ...others] = explain(Object.assign(new Error('no'), { code })).lines;
    expect([line, others]).toEqual([expect.stringMatching(/sslrootcert.*brownie certs status/), []]);
  },
);

test('a login without the password that the server wants is told in one line', () => {
  const { lines } = explain(new Error('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string'));
  expect(lines).toEqual([expect.stringMatching(/asks for a password.*pg_hba\.mutual-tls\.conf/)]);
});

test('wrong usage has been told by then; anything else comes with its stack', () => {
  expect(explain(new CommanderError(1, 'commander.unknownOption', 'no'))).toMatchObject({
    lines: [],
    exitCode: 2,
  });
  expect(explain(new CommanderError(0, 'commander.helpDisplayed', 'help')).exitCode).toBe(0);
  expect(explain(new TypeError('a bug')).lines[0]).toContain('explain.test.ts');
  expect(explain('odd')).toMatchObject({ lines: ['odd'], exitCode: 1 });
});

test.each([
  [new RefusedError('not like this'), { error: 'refused', exit_code: 4, messages: ['not like this'] }],
  [new ConfigurationError(['one', 'two'], []), { error: 'failed', exit_code: 1, messages: ['one', 'two'] }],
  [
    new CommanderError(1, 'commander.unknownOption', "error: unknown option '--no'"),
    { error: 'wrong_usage', exit_code: 2, messages: ["unknown option '--no'"] },
  ],
])('with --json an error is a document, too: %s', (error, document) => {
  expect(JSON.parse(explain(error).json)).toEqual(document);
});
