import pg from 'pg';
import { expect, test } from 'vitest';
import { isPassing } from './database-errors.ts';
import { failureOf } from './database-failures.ts';

const ofNode = (code: string, message = `connect ${code}`): Error =>
  Object.assign(new Error(message), { code });
const answer = (code: string, message = 'no'): Error =>
  Object.assign(new pg.DatabaseError(message, 1, 'error'), { code });

test.each([
  ['nothing_listens', true, ofNode('ECONNREFUSED')],
  ['nothing_listens', true, ofNode('ENOENT', 'connect ENOENT /run/postgresql/.s.PGSQL.5432')],
  ['nothing_listens', true, new AggregateError([ofNode('ECONNREFUSED')])],
  ['unknown_host', true, ofNode('EAI_AGAIN')],
  ['no_answer', true, ofNode('ETIMEDOUT')],
  ['no_answer', true, ofNode('EHOSTUNREACH')],
  ['no_answer', true, new Error('timeout expired')],
  ['no_answer', true, new Error('timeout exceeded when trying to connect')],
  ['no_answer', true, new Error('Connection terminated due to connection timeout')],
  ['reset', true, ofNode('ECONNRESET')],
  ['terminated', true, new Error('Connection terminated unexpectedly')],
  ['terminated', true, new Error('Client has encountered a connection error and is not queryable')],
  ['no_connection_left', true, answer('53300')],
  ['not_running', true, answer('57P03')],
  ['wrong_password', false, answer('28P01')],
  ['tls_demanded', false, answer('28000', 'no pg_hba.conf entry for host "10.0.0.1", no encryption')],
  ['host_not_let_in', false, answer('28000', 'no pg_hba.conf entry for host "10.0.0.1"')],
  ['login_refused', false, answer('28000', 'role "x" does not exist')],
  ['no_database', false, answer('3D000')],
  ['no_password', false, new Error('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string')],
  ['no_tls', false, new Error('The server does not support SSL connections')],
  ['other_host', false, ofNode('ERR_TLS_CERT_ALTNAME_INVALID')],
  ['not_trusted', false, ofNode('CERT_HAS_EXPIRED')],
  ['not_trusted', false, ofNode('DEPTH_ZERO_SELF_SIGNED_CERT')],
  ['not_trusted', false, ofNode('UNABLE_TO_VERIFY_LEAF_SIGNATURE')],
  ['not_trusted', false, ofNode('ERR_SSL_TLSV1_ALERT_UNKNOWN_CA')],
] as const)('%s (passes: %s) is what it means: %s', (kind, passes, error) => {
  expect(failureOf(error)).toMatchObject({ kind, passes, isOfConnecting: true });
  expect(isPassing(error)).toBe(passes);
});

test.each([
  answer('42601'),
  answer('XX000', 'ECONNREFUSED timeout expired'),
  ofNode('ENOENT', 'open /etc/brownie'),
  new TypeError('x.timeout is not a function'),
  'ECONN',
  null,
])('what is none of these is nobody’s: %s', (error) => {
  expect([failureOf(error), isPassing(error)]).toEqual([undefined, false]);
});
