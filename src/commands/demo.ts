import type { Config } from '../config/index.ts';
import { keepPassword, keptPassword, newPassword, passwordFileIn } from '../demo/demo-logins.ts';
import { demoOrganization } from '../demo/demo-organization.ts';
import { hashForEach, isCurrent, setPassword } from '../demo/demo-passwords.ts';
import { exampleTeamId } from '../demo/example-team.ts';
import { type Filled, fillOrganization, isFilled } from '../demo/fill-organization.ts';
import { guide } from '../demo/guide.ts';
import { Passwords } from '../platform/auth/passwords.ts';
import type { Database } from '../platform/database/database.ts';
import { sql } from '../platform/database/sql.ts';
import { RefusedError } from '../platform/errors/operation-error.ts';
import { commandConfig } from './command-config.ts';
import { demoScale } from './demo-scale.ts';
import { noteOperatorEvent } from './note-operator-event.ts';
import { openMigratedDatabase } from './open-database.ts';
import { openSession } from './open-session.ts';
import { createProgress } from './progress.ts';

export interface DemoOptions {
  readonly incidents?: number;
  readonly scale?: boolean;
  readonly organizations: number;
  readonly users: number;
  readonly resetPasswords?: boolean;
  readonly force?: boolean;
}

/** Fills the organization "Brownie Demo" unless it is there already, and prints how to log in; or makes many organizations to measure with. */
export async function demo(options: DemoOptions): Promise<void> {
  const config = commandConfig();
  if (config.environment === 'production' && !options.force) {
    throw new RefusedError(
      'This is a production service: `brownie demo --force` if it shall have made-up data',
    );
  }
  await using database = await openMigratedDatabase(config, { mayCreate: true });
  // @NOTE not as the service: that writes no audit entry of yesterday.
  await using session = openSession({ dsn: database.ownerDsn, timeoutMs: 600_000 });
  if (options.scale) {
    await demoScale(session.db, { ...options, incidents: options.incidents ?? 20_000_000 });
    await noteOperatorEvent(database.ownerDsn, 'demo.filled', { organizations: options.organizations });
    await refreshStatistics(database.ownerDsn);
    return;
  }
  const { password, isNew } = await work(session.db, config, options);
  const action = isNew ? 'demo.filled' : options.resetPasswords ? 'demo.passwords_reset' : undefined;
  const teamId = await exampleTeamId(session.db);
  process.stdout.write(guide({ url: addressOf(config), password, teamId }));
  if (action !== undefined) {
    await noteOperatorEvent(database.ownerDsn, action, { organization: demoOrganization.id });
  }
  if (isNew) {
    // @NOTE last of all: whatever goes wrong here, the password has been printed.
    await refreshStatistics(database.ownerDsn);
  }
}

/** Does what there is to do; answers the password of the logins, where it is known, and whether it filled. */
async function work(
  db: Database,
  config: Config,
  options: DemoOptions,
): Promise<{ readonly password: string | undefined; readonly isNew: boolean }> {
  const passwords = new Passwords({ cost: config.passwords.cost });
  const file = config.database.mode === 'embedded' ? passwordFileIn(config.database.dataDir) : null;
  const fresh = newPassword();
  if (!(await isFilled(db.within({ orgId: demoOrganization.id })))) {
    const filled = await fill(db, options.incidents ?? 50_000, await hashForEach(passwords, fresh));
    if (filled !== undefined) {
      await keepPassword(file, fresh);
      process.stdout.write(`\n${summary(filled)}\n`);
      return { password: fresh, isNew: true };
    }
  }
  process.stdout.write(`${demoOrganization.name} is there already; its data is left as it is.\n`);
  if (options.resetPasswords) {
    await setPassword(db, passwords, fresh);
    await keepPassword(file, fresh);
    return { password: fresh, isNew: false };
  }
  const kept = await keptPassword(file);
  const isKnown = kept !== undefined && (await isCurrent(db, passwords, kept));
  return { password: isKnown ? kept : undefined, isNew: false };
}

async function fill(
  db: Database,
  incidents: number,
  passwordHashes: Parameters<typeof fillOrganization>[1]['passwordHashes'],
): Promise<Filled | undefined> {
  const { report: onProgress } = createProgress(process.stdout);
  process.stdout.write(`Filling ${demoOrganization.name}\n`);
  try {
    return await fillOrganization(db, { incidents, passwordHashes, now: Date.now(), onProgress });
  } catch (error) {
    // @NOTE names, slugs, addresses and usernames are unique across organizations: 23505 tells which is taken.
    const { code, constraint } = error as { code?: unknown; constraint?: unknown };
    if (code === '23505') {
      throw new RefusedError(
        `Somebody else has a name that the demonstration needs (${String(constraint)}); nothing was changed`,
        { cause: error },
      );
    }
    throw error;
  }
}

/** Tells the planner of what has just come in; until then it would choose plans for empty tables. */
async function refreshStatistics(ownerDsn: string): Promise<void> {
  await using session = openSession({ dsn: ownerDsn, timeoutMs: 600_000 });
  await session.db.within({}).run(sql`analyze incidents, incident_events, stats, audit_events, search_entries,
    users, teams, organization_memberships, team_memberships`);
}

function summary(filled: Filled): string {
  const count = (value: number): string => value.toLocaleString('en');
  return `${demoOrganization.name} has ${filled.teams} teams, ${filled.users} users, ${count(filled.incidents)} incidents with ${count(filled.events)} events, ${filled.agents} agent configurations and ${count(filled.stats)} measured values.`;
}

const addressOf = ({ http: { host, port } }: Config): string =>
  `http://${['0.0.0.0', '::', '127.0.0.1'].includes(host) ? 'localhost' : host}:${port}`;
