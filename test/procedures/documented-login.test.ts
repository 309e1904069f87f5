import { execFile } from 'node:child_process';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { letThrough } from '../../src/drills/harness/debian-postgres.ts';
import { createCluster, startOwnPostgres } from '../../src/platform/programs/own-postgres.ts';
import { systemUser } from '../../src/platform/programs/system-user.ts';
import { freePort } from '../../src/platform/system/free-port.ts';
import { brownie, startService, temporaryFolder } from '../acceptance/service-process.ts';
import { block } from './document-block.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

/** An operator's folder, with `deploy/` in it, and a PostgreSQL that knows nothing of Brownie yet. */
async function scratch() {
  await using resources = new AsyncDisposableStack();
  const { path } = resources.use(await temporaryFolder());
  await letThrough(path);
  await symlink(join(root, 'deploy'), join(path, 'deploy'));
  const [user, port, dataDirectory] = [await systemUser(), await freePort(), join(path, 'data')];
  const password = await createCluster(dataDirectory, user);
  const start = async () => {
    const server = await startOwnPostgres({ dataDirectory, directory: path, port, user });
    await server.ready(30_000);
    return server;
  };
  let server = await start();
  resources.defer(() => server.stop());

  const own = user === undefined ? / -o postgres -g postgres/g : /$^/;
  const here = (text: string): string =>
    text
      .replaceAll('db.example.com:5432', `localhost:${port}`)
      .replaceAll('db.example.com', 'localhost')
      .replaceAll('/etc/brownie-postgres', join(path, 'server'))
      .replace(own, '');
  const env = { PATH: process.env['PATH'], PGPORT: String(port), PGPASSWORD: password };
  const kept = resources.move();
  return {
    path,
    here,
    /** A block of commands, as the operator. */
    bash: (text: string) => run('bash', ['-euc', here(text)], { cwd: path, env }),
    /** A block of SQL, as the superuser. */
    async sql(text: string) {
      await writeFile(join(path, 'block.sql'), here(text));
      await run(
        'psql',
        ['-XqU', 'postgres', '-h', path, '-v', 'ON_ERROR_STOP=1', '-f', join(path, 'block.sql')],
        {
          env,
        },
      );
    },
    psql: (dsn: string, statement: string) =>
      run('psql', [dsn, '-XAtwc', statement], { cwd: path, env: { PATH: env.PATH } }).then(({ stdout }) =>
        stdout.trim(),
      ),
    async restart() {
      await server.stop();
      server = await start();
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
type Scratch = Awaited<ReturnType<typeof scratch>>;

const secret = ({ path }: Scratch, name: string) => readFile(join(path, 'secrets', name), 'utf8');

/** By hand, and then, which may be repeated, by the script from elsewhere; first-day.test.ts makes them on the machine itself. */
async function makeRoles(machine: Scratch): Promise<void> {
  const commands = await block('deployment.md', 'deploy/compose/make-secrets\ndeploy/postgres/create-roles');
  await machine.bash(commands.replace(/^deploy.postgres.create-roles$/m, ''));
  const passwords = await Promise.all(
    ['owner', 'service', 'backup'].map((name) => secret(machine, `postgres-${name}-password`)),
  );
  const sql = await block('deployment.md', 'create role brownie_app');
  await machine.sql(sql.replace(/'…'/g, () => `'${passwords.shift()}'`));
  await machine.bash(await block('deployment.md', 'export BROWNIE_OWNER'));
}

test('the steps of the guides lead to a service that logs in by its certificate alone', async () => {
  await using machine = await scratch();
  const { path, here, psql } = machine;
  await makeRoles(machine);

  const generate = (await block('procedures/certificates.md', 'certs generate')).trim().split(' ').slice(1);
  expect(await brownie(generate.map(here), {}, path)).toMatchObject({ code: 0, stderr: '' });
  await machine.bash(await block('procedures/certificates.md', 'install -d'));
  // @NOTE the server is not started by the user that `peer` asks for: whoever may enter the folder is let in.
  const hba = join(path, 'server/pg_hba.mutual-tls.conf');
  await writeFile(hba, (await readFile(hba, 'utf8')).replace(/^(local .*)peer$/m, '$1trust'));
  await machine.sql(await block('procedures/certificates.md', 'alter system'));
  await machine.restart();

  const login = await block('procedures/certificates.md', 'export METADATA_POSTGRES_DSN=');
  const dsn = here(/METADATA_POSTGRES_DSN='([^']*)'/.exec(login)?.[1] ?? '');
  expect(dsn).not.toMatch(/:[^@/]+@/);
  expect((await machine.bash(login)).stdout).toContain('(1 row)');
  await writeFile(join(path, 'secrets/postgres-dsn'), dsn.replaceAll('dev-certs', join(path, 'dev-certs')));

  const commands = await block('deployment.md', 'export METADATA_ENVIRONMENT=production');
  const exported = Object.fromEntries(
    [...commands.matchAll(/^export (\w+)=(\S+)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
  const variables = { ...exported, METADATA_HOST: '127.0.0.1' };
  expect(await brownie(['migrate', '--dry-run'], variables, path)).toMatchObject({ stderr: '' });
  expect(await brownie(['migrate'], variables, path)).toMatchObject({ code: 0, stderr: '' });
  const service = await startService(variables, path);
  const health = (await (await fetch(`${service.url}/health`)).json()) as { status: string };
  expect(health.status).toBe('healthy');
  const token = { authorization: `Bearer ${await secret(machine, 'operator-token')}` };
  expect((await fetch(`${service.url}/api/v1/ops/info`, { headers: token })).status).toBe(200);

  const owner = await secret(machine, 'postgres-migration-dsn');
  await psql(owner, 'select pg_reload_conf()');
  for (const role of ['pg_execute_server_program', 'pg_write_server_files', 'brownie_backup']) {
    await expect(psql(owner, `grant ${role} to brownie_owner`)).rejects.toMatchObject({
      stderr: expect.stringMatching(/must have admin option|permission denied to grant role/),
    });
  }
  await expect(psql(owner, 'create role another')).rejects.toMatchObject({
    stderr: expect.stringContaining('permission denied to create role'),
  });
  const names = 'select distinct usename, client_dn from pg_stat_ssl join pg_stat_activity using (pid)';
  expect(await psql(owner, `${names} where usename = 'brownie_service'`)).toBe(
    'brownie_service|/CN=brownie_service',
  );
  expect(await psql(await secret(machine, 'backup-dsn'), 'select count(*) from organizations')).toBe('0');
  const password = await secret(machine, 'postgres-service-password');
  const without = dsn.replace('@', `:${password}@`).replace(/&sslcert.*/, '');
  await expect(psql(without, 'select 1')).rejects.toThrow(/requires a valid client certificate/);
  expect((await service.end('SIGTERM')).code).toBe(0);
});
