import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { block } from './document-block.ts';
import { type FreshMachine, freshMachine } from './fresh-machine.ts';

/*
 * The first day of an operator on one fresh server, by the documents alone: what is run is what stands in their blocks. Each test goes on
 * where the one before ended.
 */
const deployment = (says: string): Promise<string> => block('deployment.md', says);
const certificates = (says: string): Promise<string> => block('procedures/certificates.md', says);
const recovery = (says: string): Promise<string> => block('procedures/backup-and-recovery.md', says);
const linesOf = (text: string): string[] => text.trim().split('\n');

let machine: FreshMachine;

const asRoot = async (...scripts: readonly (string | Promise<string>)[]): Promise<string> =>
  machine.bash('root', (await Promise.all(scripts)).join('\n'));
/** In the shell that the document gives `postgres` for work on the archive. */
const asPostgres = async (...scripts: readonly (string | Promise<string>)[]): Promise<string> => {
  const shell = (await recovery('runuser -u postgres -g postgres')).trim();
  const script = ['cd /var/lib/postgresql/brownie', ...(await Promise.all(scripts))].join('\n');
  return machine.bash('root', `${shell} --norc -euc '${script.replaceAll("'", `'\\''`)}'`);
};
const superuser = (sql: string): Promise<string> =>
  machine.bash('postgres', `psql -XAtq -v ON_ERROR_STOP=1 -d brownie <<'SQL'\n${sql}\nSQL`);

/** @NOTE until: each look of the doctor has its ten seconds, which a machine that is busy may use up. */
const untilHealthy = async (environment: string): Promise<void> =>
  await expect
    .poll(async () => (await machine.run('root', `${environment}\nbrownie doctor`)).stdout, {
      timeout: 240_000,
    })
    .toMatch(/^Healthy: \d+ checks found nothing\./);

const urls = ['http://api1:8080', 'http://api2:8080', 'http://api3:8080'];
/** Three instances at the defaults are too many for Debian's 100 connections: see the budget in docs/deployment.md. */
const instance = (index: number): string =>
  `export METADATA_HOST=api${index} METADATA_POSTGRES_MAX_OVERFLOW=10`;
const backups = recovery('export NODE_ENV=production METADATA_BACKUP_DIR');
/** The environment of the service and its operator, and the commands up to the start. */
const service = deployment('export METADATA_ENVIRONMENT=production').then((text) => {
  const lines = linesOf(text);
  const isCommand = (line: string): boolean => line.startsWith('brownie ');
  return {
    environment: lines.filter((line) => line.startsWith('export ')).join('\n'),
    commands: lines.filter(isCommand),
  };
});

interface Write {
  readonly id: string;
  readonly sentAt: number;
  readonly acknowledgedAt: number;
}
const writes: Write[] = [];
let stopLoad = async (): Promise<void> => undefined;

/** A machine of its own takes root; the documents speak of Debian 12, which has PostgreSQL 15. */
const isToBeHad = process.getuid?.() === 0 && existsSync('/usr/lib/postgresql/15');

describe.skipIf(!isToBeHad)('on its first day', () => {
  beforeAll(async () => {
    machine = await freshMachine();
  });
  afterAll(() => machine[Symbol.asyncDispose]());

  test('a fresh PostgreSQL gets roles, as `postgres` and as root, certificates and a schema', async () => {
    // As the package does at its installation.
    await asRoot('pg_createcluster 15 main', 'systemctl start postgresql@15-main');
    const roles = await deployment('deploy/compose/make-secrets\ndeploy/postgres/create-roles');
    await machine.bash('postgres', roles);
    // As the section on systemd says.
    await asRoot(roles.replace('$PWD/dev-certs', '/etc/brownie/tls'));
    await asRoot(certificates('brownie certs generate --client-role'));
    await asRoot(certificates('install -d -o postgres'));
    await superuser(await certificates('alter system set ssl = on'));
    await asRoot('systemctl restart postgresql@15-main');
    expect(await asRoot(certificates('export METADATA_POSTGRES_DSN='))).toMatch(/\(1 row\)[\s\S]*notAfter=/);
    await asRoot(deployment('useradd --system'));

    const { environment, commands } = await service;
    expect(commands).toEqual([
      'brownie migrate --dry-run',
      'brownie migrate',
      'brownie doctor',
      'brownie serve',
    ]);
    await asRoot(environment, ...commands.slice(0, 2));
    await untilHealthy(environment);
    for (const statement of ['grant pg_execute_server_program to brownie_owner', 'create role another']) {
      const { stderr } = await machine.run(
        'root',
        `psql "$(cat secrets/postgres-migration-dsn)" -c '${statement}'`,
      );
      expect(stderr).toMatch(/must have admin option|permission denied/);
    }
  });

  test('three instances serve on it, sign up and take writes', async () => {
    const { environment, commands } = await service;
    await asRoot(environment, 'brownie demo --force --incidents 60');
    for (const index of [1, 2, 3]) {
      machine.start(
        'root',
        [environment, instance(index), `exec ${commands.at(-1)} >api${index}.log 2>&1`].join('\n'),
      );
    }
    await asRoot(
      ...urls.map(
        (url) => `curl -sS -o /dev/null --retry 600 --retry-delay 1 --retry-all-errors ${url}/health/startup`,
      ),
    );
    const program = '/opt/brownie/node_modules/.bin/node /opt/brownie/test/procedures/first-day-load.ts';
    const load = machine.start('root', `exec ${program} ${urls.join(' ')}`);
    const failures: string[] = [];
    createInterface(load.stderr).on('line', (line) => failures.push(line));
    createInterface(load.stdout).on('line', (line) => writes.push(JSON.parse(line)));
    stopLoad = async () => {
      load.stdin.end();
      await once(load, 'close');
    };
    await expect.poll(() => [writes.length > 10, failures]).toEqual([true, []]);
  });

  test('the archive is set up as root, and holds a base backup, by `postgres` and by root', async () => {
    const setup = await asRoot(backups, recovery('brownie backup pitr setup'));
    const settings = [...setup.matchAll(/^ {2}(\w+ = .*)$/gm)].map(([, line]) => line);
    expect(settings).toHaveLength(4);
    await asRoot(`cat >>/etc/postgresql/15/main/postgresql.conf <<'END'\n${settings.join('\n')}\nEND`);
    await asRoot('systemctl restart postgresql@15-main');
    const groups = (await recovery('runuser -u postgres -g postgres')).matchAll(/-G (\S+)/g);
    expect(await asRoot('cat deploy/systemd/brownie-archive@.service')).toContain(
      `SupplementaryGroups=${[...groups].map(([, group]) => group).join(' ')}\n`,
    );
    const [full = '', ...more] = linesOf(await recovery('brownie backup pitr incr'));
    await asPostgres(backups, full);
    await asRoot(backups, ...more);
  });

  test('the server is lost with its data, and comes back from the archive with all but the last minute', async () => {
    const { length } = writes;
    await expect.poll(() => writes.length).toBeGreaterThan(length + 10);
    const archivedAt = Date.now();
    await asPostgres(backups, 'brownie backup pitr check');
    const archived = writes.filter(({ acknowledgedAt }) => acknowledgedAt < archivedAt);
    await asRoot(
      'kill -9 $(head -n 1 /var/lib/postgresql/15/main/postmaster.pid)',
      'rm -r /var/lib/postgresql/15/main',
    );
    const lostAt = Date.now();

    const [latest = ''] = linesOf(await recovery('brownie restore latest --into'));
    expect(await asPostgres(backups, latest)).not.toMatch(/FAILED|LOOK/);
    await asRoot(recovery('alter system set archive_mode = on'));
    await asRoot(backups, recovery('brownie backup pitr full && '));
    await asRoot(backups, 'brownie backup create');
    await expect.poll(() => writes.filter(({ sentAt }) => sentAt > lostAt).length).toBeGreaterThan(9);
    await stopLoad();

    const there = new Set(linesOf(await superuser('select id from incidents')));
    const before = writes.filter(({ acknowledgedAt }) => acknowledgedAt < lostAt);
    const lost = before.filter(({ id }) => !there.has(id));
    const newest = Math.max(...before.filter(({ id }) => there.has(id)).map(({ sentAt }) => sentAt));
    expect(archived.filter((write) => lost.includes(write))).toEqual([]);
    expect(lost.filter(({ acknowledgedAt }) => acknowledgedAt < Math.max(newest, lostAt - 60_000))).toEqual(
      [],
    );
    expect(writes.filter(({ id, sentAt }) => sentAt > lostAt && !there.has(id))).toEqual([]);
  });

  test('rows that were deleted by mistake are found, restored beside and copied back', async () => {
    const ofDemo = `org_id = (select id from organizations where slug = 'brownie-demo')`;
    const rows = (): Promise<string> =>
      superuser(
        ['incidents', 'incident_events', 'agent_configs']
          .map(
            (table) =>
              `select count(*), md5(string_agg(t::text, ',' order by t.id)) from ${table} t where ${ofDemo};`,
          )
          .join('\n'),
      );
    const before = await rows();
    await superuser(`begin; set local session_replication_role = replica;
    delete from incident_events where ${ofDemo}; delete from incidents where ${ofDemo};
    delete from agent_configs where ${ofDemo}; commit;`);
    expect(await rows()).not.toBe(before);

    const [check = '', find = ''] = linesOf(await recovery('brownie restore find\n'));
    const found = await asPostgres(backups, check, find);
    const [, restore = ''] = /just before it: (brownie restore lsn \S+)/.exec(found) ?? [];
    expect(await asPostgres(backups, `${restore} --into /var/lib/postgresql/restored --start`)).not.toMatch(
      /FAILED|LOOK/,
    );
    const addresses = await recovery('export LIVE=postgresql:///brownie');
    const add = await recovery('psql "$LIVE" -f deploy/postgres/rows-back.sql');
    await asPostgres(addresses, recovery('export ORGANIZATION=$(psql "$COPY" -XAtc "select id'), add);
    expect(await rows()).toBe(before);
    await superuser(`set session_replication_role = replica; delete from incident_events where ${ofDemo}`);
    await asPostgres(addresses, recovery('--table=incident_events --file'), add);
    expect(await rows()).toBe(before);
  });

  test('at the end of the day nothing is wrong', async () => {
    const { environment } = await service;
    await untilHealthy(`${environment}\n${instance(1)}`);
  });
});
