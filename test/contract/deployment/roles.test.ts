import { expect, test } from 'vitest';
import { allSettings } from '../../../src/config/settings.ts';
import { helpOf } from '../../harness/brownie-help.ts';
import { filesIn, textOf } from './repository.ts';

const all = (text: string, pattern: RegExp): string[] =>
  [...new Set([...text.matchAll(pattern)].map(([, found = '']) => found))].toSorted();
const rolesSql = textOf('deploy/postgres/init/10-roles.sql');
const logins = all(rolesSql, /^alter role (\w+) login/gm);
/** What the service logs in as: the one in the group of services that makes no others. */
const service = 'brownie_service';

const documents = ['README.md', ...filesIn('docs').filter((path) => path.endsWith('.md'))];
const deployed = ['docker-compose.yml', ...filesIn('deploy')];
const examples = allSettings.map(({ example }) => String(example)).join('\n');

test('three roles log in, one of them as the service', () => {
  expect(logins).toEqual(['brownie_backup', 'brownie_owner', service]);
  expect(all(rolesSql, /^grant brownie_app to (\w+);/gm)).toEqual([service]);
  expect(
    all(rolesSql, /array\[([^\]]*)\]/g)
      .join()
      .match(/\w+/g)
      ?.toSorted(),
  ).toEqual(['brownie_app', ...logins]);
});

test('the roles made by hand are those of the script', () => {
  const guide = textOf('docs/deployment.md');
  expect(all(guide, /^create role (\w+) login/gm)).toEqual(logins);
  expect(all(guide, /^create role (\w+) .*in role brownie_app;/gm)).toEqual([service]);
});

test('the embedded server has the same ones', () => {
  const embedded = textOf('src/platform/embedded-postgres/database-roles.ts');
  expect(all(embedded, /^ALTER ROLE (\w+) LOGIN/gm)).toEqual(['brownie_owner', service]);
  expect(all(embedded, /^GRANT brownie_app TO (\w+);/gm)).toEqual([service]);
});

test('the secrets of Compose are for them', () => {
  const dsns = textOf('deploy/compose/make-secrets').matchAll(/^make (\S+) dsn (\w+) (\S+)$/gm);
  expect([...dsns].map(([, file, role, password]) => [file, role, password])).toEqual([
    ['postgres-dsn', service, 'postgres-service-password'],
    ['postgres-migration-dsn', 'brownie_owner', 'postgres-owner-password'],
    ['backup-dsn', 'brownie_backup', 'postgres-backup-password'],
  ]);
});

test('certificates are let in, and made, for the service', () => {
  const [entry, ...others] = all(
    textOf('deploy/postgres/pg_hba.mutual-tls.conf'),
    /^hostssl +all +(\S+) +all +cert .*map=brownie$/gm,
  );
  expect([entry, others]).toEqual([service, []]);
  expect(all(textOf('deploy/postgres/pg_ident.conf'), /^brownie +\S+ +(\S+)$/gm)).toEqual([service]);
  expect(textOf('deploy/postgres/pg_ident.conf')).toMatch(
    new RegExp(`^brownie +${service} +${service}$`, 'm'),
  );
  expect(helpOf('certs generate')).toContain(service);
});

test('PgBouncer knows the service, and sets its limits on it', () => {
  expect(all(textOf('deploy/pgbouncer/role-settings.sql'), /^alter role (\w+) in/gm)).toEqual([service]);
  expect(all(textOf('deploy/pgbouncer/pgbouncer.ini'), /^; "(\w+)" "SCRAM/gm)).toEqual([service]);
});

test('no document and no file that is deployed names another login', () => {
  const known = [...logins, 'postgres', 'brownie_app'];
  const named = [...documents, ...deployed].flatMap((path) => {
    const text = textOf(path);
    return [
      ...all(text, /postgres(?:ql)?:\/\/(\w+)(?::[^@\s/]*)?@/g),
      ...all(text, /--client-role (\w+)/g),
      ...all(text, /\busename = '(\w+)'/g),
      ...all(text, /\brolname = '(?!pg_)(\w+)'/g),
      ...all(text, /\b(?:create|alter) role (\w+)/g),
    ].map((role) => [path, role] as const);
  });
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter(([, role]) => !known.includes(role))).toEqual([]);
});

test('the examples of settings log in as them', () => {
  const users = all(examples, /postgresql:\/\/(\w+)@/g);
  expect(users).toContain(service);
  expect(users.filter((role) => ![...logins, 'postgres'].includes(role))).toEqual([]);
});
