import pg from 'pg';
import { connectionEnvironment, withOptions } from '../../../platform/database/dsn.ts';
import { OperationError, RefusedError } from '../../../platform/errors/operation-error.ts';
import { openDatabaseSession } from '../database/index.ts';
import {
  type IdentityPath,
  type Manifest,
  readBackupFile,
  restoreDump,
  type StoredBackup,
} from '../store/index.ts';
import { type Check, type ServiceSecrets, verifyDatabase } from '../verify/index.ts';
import { endCredentials, traceRestore } from './end-credentials.ts';
import { asRefusal, serverLanguage } from './refusals.ts';
import { dropTarget, examineTarget, prepareTarget, type RestoreTarget } from './restore-target.ts';
import { createRoles } from './roles.ts';

export interface RestoreOptions {
  readonly backup: StoredBackup;
  /** Of a superuser; the database is made where it is missing, and must be empty where it is not. */
  readonly dsn: string;
  readonly identityPath?: IdentityPath;
  readonly secrets: ServiceSecrets;
  readonly say?: (line: string) => void;
  /** Whether it may go where texts are sorted and compared in another way. */
  readonly acceptsLocale?: boolean;
}

export interface Restored {
  readonly target: RestoreTarget;
  readonly manifest: Manifest;
  readonly checks: readonly Check[];
  /** Roles that were made, may log in, and have no password: their hashes were not backed up. */
  readonly loginsWithoutPassword: readonly string[];
  /** From the beginning to the database that was verified. */
  readonly seconds: number;
}

export type ExamineOptions = Pick<RestoreOptions, 'backup' | 'dsn' | 'identityPath' | 'acceptsLocale'>;

/**
 * Looks whether a backup can be read, and restored where it is meant to go; changes nothing. Throws as `restoreBackup` does
 * before it makes anything.
 */
export async function examineRestore({
  backup: { name, path, manifest, faults },
  dsn,
  identityPath,
  acceptsLocale = false,
}: ExamineOptions): Promise<{ manifest: Manifest; globals: string; target: RestoreTarget }> {
  if (manifest === undefined || faults.length > 0) {
    throw new OperationError(
      `${name} is damaged: ${faults.join('; ')}. Take another: \`brownie backup list\``,
    );
  }
  if (manifest.format === 2) {
    throw new RefusedError(
      `${name} is a copy of an embedded database, which goes into a folder: \`brownie backup verify --restore\`, or \`brownie backup restore --into <folder>\``,
    );
  }
  // @NOTE before anything is made: this is where the private key is missing, or the wrong one.
  const globals = await readBackupFile(path, 'globals', manifest, identityPath);
  return { manifest, globals, target: await examineTarget(dsn, manifest, { acceptsLocale }) };
}

/**
 * Restores a backup beside what there is, in one transaction, then verifies it. Throws RefusedError where it must not,
 * OperationError where the backup is damaged or the restore fails: a database that was made for it is dropped again.
 */
export async function restoreBackup({
  backup,
  dsn,
  identityPath,
  secrets,
  say = () => undefined,
  acceptsLocale = false,
}: RestoreOptions): Promise<Restored> {
  const startedAt = performance.now();
  const { name, path } = backup;
  const { manifest, globals, target } = await examineRestore({
    backup,
    dsn,
    identityPath,
    acceptsLocale,
  });
  await prepareTarget(target, manifest);
  let logins: readonly string[] = [];
  let isEnglish = false;
  try {
    const language = await serverLanguage(target.dsn);
    isEnglish = language.isEnglish;
    say(`restoring ${name} into ${target.database}`);
    logins = await createRoles(target.dsn, globals);
    await handOver(target, manifest);
    await restoreDump(path, manifest, {
      identityPath,
      args: ['--single-transaction', '--exit-on-error', '--no-password', `--dbname=${target.database}`],
      environment: withOptions(connectionEnvironment(target.dsn), language.options),
    });
    await settle(target, manifest);
    // @NOTE before anybody can use them: the database may have the name that the service looks for.
    await endCredentials(target.dsn);
  } catch (error) {
    await dropTarget(target);
    throw asRefusal(error, isEnglish);
  }
  say('verifying rows, keys, storage, and the service on it');
  const checks = await verifyDatabase(target.dsn, manifest, secrets);
  await traceRestore(target.dsn, { backup: name, as_of: manifest.takenAt });
  return {
    target,
    manifest,
    checks,
    loginsWithoutPassword: manifest.withRolePasswords ? [] : logins,
    seconds: (performance.now() - startedAt) / 1000,
  };
}

/** @NOTE before the rest: in the schema public only the owner of the database may make tables, and a superuser. */
async function handOver({ dsn, database }: RestoreTarget, { database: { owner } }: Manifest): Promise<void> {
  await using session = await openDatabaseSession(dsn);
  await session.client.query(
    `alter database ${pg.escapeIdentifier(database)} owner to ${pg.escapeIdentifier(owner)}`,
  );
}

/** What else belongs to the database and is not in the dump: rights, settings; and statistics for the planner. */
async function settle({ dsn, database }: RestoreTarget, { database: was }: Manifest): Promise<void> {
  await using session = await openDatabaseSession(dsn);
  const { client } = session;
  const name = pg.escapeIdentifier(database);
  if (was.grants !== null) {
    await client.query(`revoke all on database ${name} from public`);
    for (const { grantee, privilege } of was.grants) {
      const to = grantee === 'public' ? 'public' : pg.escapeIdentifier(grantee);
      await client.query(`grant ${privilege} on database ${name} to ${to}`);
    }
  }
  for (const setting of was.settings) {
    const [parameter = '', ...value] = setting.split('=');
    await client.query(
      `alter database ${name} set ${pg.escapeIdentifier(parameter)} to ${pg.escapeLiteral(value.join('='))}`,
    );
  }
  await client.query('analyze');
}
