import pg from 'pg';
import { expect, test } from 'vitest';
import { CertificateFilesError } from '../../platform/tls/certificate-files.ts';
import { databaseFault } from './database-fault.ts';

const place = 'db.example.com:5432/brownie';
const error = (code: string, message: string): Error => Object.assign(new Error(message), { code });
const answer = (code: string, message: string): Error =>
  Object.assign(new pg.DatabaseError(message, 1, 'error'), { code });

test.each([
  [error('ECONNREFUSED', 'connect ECONNREFUSED'), /^Nothing listens at/, /systemctl start/],
  [error('ENOTFOUND', 'getaddrinfo ENOTFOUND db'), /cannot be resolved/, /getent hosts db\.example\.com/],
  [new Error('timeout expired'), /did not answer in time/, /pg_isready -h db\.example\.com/],
  [
    answer('28P01', 'password authentication failed for user "x"'),
    /refuses the password/,
    /correct the password/,
  ],
  [answer('3D000', 'database "brownie" does not exist'), /no such database/, /createdb .* brownie,/],
  [answer('53300', 'sorry, too many clients already'), /no connection left/, /pg_stat_activity/],
  [answer('57P03', 'the database system is starting up'), /is starting or stopping/, /wait/],
  [answer('42501', 'permission denied for database'), /may not connect/, /grant connect on database brownie/],
  [
    answer('28000', 'no pg_hba.conf entry for host "10.0.0.1", user "x", database "brownie", no encryption'),
    /takes connections with TLS only/,
    /sslmode=verify-full/,
  ],
  [answer('28000', 'no pg_hba.conf entry for host "10.0.0.1"'), /pg_hba\.conf/, /pg_reload_conf/],
  [
    new Error('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string'),
    /asks for a password, and METADATA_POSTGRES_DSN holds none/,
    /add the password to the DSN, or a line/,
  ],
  [new Error('The server does not support SSL connections'), /speaks no TLS/, /ssl = on/],
  [error('CERT_HAS_EXPIRED', 'certificate has expired'), /TLS with .* fails/, /brownie certs status/],
  [error('ERR_TLS_CERT_ALTNAME_INVALID', 'IP not in the list'), /for another name/, /--server-name/],
  [answer('XX000', 'something new'), /cannot be used/, /psql/],
])('%s', (thrown, finding, remedy) => {
  const fault = databaseFault(thrown, place);
  expect(fault.finding).toMatch(finding);
  expect(fault.finding).toContain(place);
  expect(fault.remedy).toMatch(remedy);
  expect(fault.kind).toBe('connection');
});

test('of a name with several addresses, the first failure counts', () => {
  const all = new AggregateError([error('ECONNREFUSED', 'connect ECONNREFUSED ::1:5432'), error('X', 'x')]);
  expect(databaseFault(all, place).finding).toMatch(/^Nothing listens/);
});

test('files of certificates that cannot be used are no fault of the connection', () => {
  const thrown = new CertificateFilesError('METADATA_POSTGRES_DSN: the key does not belong to it');
  expect(databaseFault(thrown, place)).toMatchObject({ kind: 'certificates', finding: thrown.message });
});
