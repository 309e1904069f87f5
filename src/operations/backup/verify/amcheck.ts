import type pg from 'pg';
import { connectionEnvironment } from '../../../platform/database/dsn.ts';
import { findProgram } from '../../../platform/programs/find-program.ts';
import { runToEnd } from '../../../platform/programs/run-to-end.ts';
import { type Check, checkOf } from './check.ts';

/**
 * Reads every table and every B-tree of a database with pg_amcheck, and leaves no trace of that. Takes a superuser: as anybody
 * else it is not done, which says nothing about the database.
 */
export async function amcheck(client: pg.Client, dsn: string): Promise<Check> {
  const name = 'pg_amcheck';
  if ((await findProgram('pg_amcheck')) === undefined) {
    return {
      name,
      isOk: false,
      detail: 'not installed: it comes with the server of PostgreSQL 14 and newer',
    };
  }
  const { rows: roles } = await client.query<{ name: string; isSuperuser: boolean }>(
    `select rolname as name, rolsuper as "isSuperuser" from pg_roles where rolname = current_user`,
  );
  const [role] = roles;
  if (role?.isSuperuser !== true) {
    const detail = `not done: it takes a superuser, and ${role?.name} is none`;
    return { name, isOk: true, needsLook: true, detail };
  }
  const { rows } = await client.query(`select from pg_extension where extname = 'amcheck'`);
  try {
    const { code, stdout, stderr } = await runToEnd(
      'pg_amcheck',
      ['--install-missing', '--heapallindexed', '--no-password', '--exclude-schema=pg_toast_temp*'],
      { environment: connectionEnvironment(dsn) },
    );
    const found = `${stdout}${stderr}`.trim().split('\n').slice(0, 3).join(' ');
    return checkOf(name, code === 0 ? [] : [found], 'every table and index is sound');
  } finally {
    if (rows.length === 0) {
      await client.query('drop extension if exists amcheck');
    }
  }
}
