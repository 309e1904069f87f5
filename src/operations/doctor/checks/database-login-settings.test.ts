import { expect, test } from 'vitest';
import { judgeLogins } from './database-login-settings.ts';

const login = { name: 'brownie', connectionLimit: -1, daysLeft: null, settings: [] };

test.each([
  [{ settings: ['statement_timeout=10ms', 'TimeZone=Europe/Berlin', 'search_path="$user", public'] }, 'ok'],
  [{ settings: ['row_security=off'] }, 'critical'],
  [{ settings: ['search_path=app'] }, 'critical'],
  [{ settings: ['session_replication_role=replica'] }, 'critical'],
  [{ settings: ['default_transaction_isolation=serializable'] }, 'critical'],
  [{ settings: ['app.org_id=0'] }, 'critical'],
  [{ settings: ['role=postgres'] }, 'critical'],
  [{ settings: ['synchronous_commit=off'] }, 'warning'],
  // @NOTE what is set for the login comes before what is set for the database.
  [{ settings: ['row_security=on', 'row_security=off'] }, 'ok'],
  [{ connectionLimit: 11 }, 'ok'],
  [{ connectionLimit: 10 }, 'warning'],
  [{ connectionLimit: 0 }, 'critical'],
  [{ daysLeft: 31 }, 'ok'],
  [{ daysLeft: 29 }, 'warning'],
  [{ daysLeft: -1 }, 'critical'],
] as const)('%j: %s', (changed, severity) => {
  const verdict = judgeLogins([{ ...login, ...changed }], 11);
  expect(verdict.severity).toBe(severity);
  expect(verdict.remedy === null).toBe(severity === 'ok');
});

test('the login of migrations wants one connection', () => {
  expect(judgeLogins([login, { ...login, name: 'owner', connectionLimit: 1 }], 11).severity).toBe('ok');
});
