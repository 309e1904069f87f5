import { type Check, critical, ok, type Verdict, warning } from '../check.ts';
import type { DoctorContext } from '../doctor-context.ts';

interface Login {
  readonly name: string;
  /** -1: none. */
  readonly connectionLimit: number;
  /** Until its password ends; null where it does not. */
  readonly daysLeft: number | null;
  /** `row_security=off`: what the server sets for it in this database, or for anybody in it. */
  readonly settings: readonly string[];
}

const question = `
  select r.rolname::text as name, r.rolconnlimit as "connectionLimit",
         case when r.rolvaliduntil = 'infinity' then null
              else extract(epoch from r.rolvaliduntil - now())::float8 / 86400 end as "daysLeft",
         array(select setting from pg_db_role_setting s, unnest(s.setconfig) setting
               where s.setrole in (0, r.oid) and s.setdatabase in (0, (select oid from pg_database where datname = current_database()))
               order by (s.setrole <> 0) desc, (s.setdatabase <> 0) desc) as settings
  from pg_roles r where r.rolname = session_user`;

export const loginSettings: Check = {
  id: 'database.login-settings',
  runbook: 'docs/procedures/doctor.md',
  async look(context: DoctorContext) {
    const [service, owner] = [await context.service(), await context.owner().catch(() => context.service())];
    const logins = [await service.row<Login>(question)];
    if (owner !== service) {
      const login = await owner.row<Login>(question);
      // @NOTE a login of migrations may take on the role that owns the tables.
      logins.push({ ...login, settings: login.settings.filter((each) => !each.startsWith('role=')) });
    }
    return judgeLogins(logins, context.config.pool.sizeMax + 1);
  },
};

const settingsGood: Readonly<Record<string, RegExp>> = {
  row_security: /^(on|true|yes|1)$/i,
  search_path: /(^|[\s,"])public($|[\s,"])/,
  session_replication_role: /^origin$/i,
  role: /^(none|brownie_app)$/i,
  default_transaction_isolation: /^read committed$/i,
  default_transaction_deferrable: /^(off|false|no|0)$/i,
  standard_conforming_strings: /^(on|true|yes|1)$/i,
  client_encoding: /^utf-?8$/i,
};
/** Not what answers are, but whether what was answered is kept, or how long it takes. */
const settingsAdvised: Readonly<Record<string, RegExp>> = {
  synchronous_commit: /^(on|local|remote_write|remote_apply)$/i,
  enable_indexscan: /^(on|true|yes|1)$/i,
  enable_bitmapscan: /^(on|true|yes|1)$/i,
};
const daysLeftMin = 30;

interface Fault {
  readonly isGrave: boolean;
  readonly said: string;
  readonly remedy: string;
}

/**
 * What an administrator set for our logins that the service does not work with. @NOTE time-outs, time zone and date style are not
 * looked at: the service sets its own. A setting of the first that holds for the login counts, as in PostgreSQL.
 * @param connections that an instance may open
 */
export function judgeLogins(logins: readonly Login[], connections: number): Verdict {
  const faults = logins.flatMap((login, index) => faultsOf(login, index === 0 ? connections : 1));
  if (faults.length === 0) {
    return ok(
      `${logins.map(({ name }) => name).join(' and ')}: nothing is set for them that gets in the way`,
    );
  }
  const complaint = {
    finding: `What is set for the logins gets in the way: ${faults.map(({ said }) => said).join('; ')}`,
    evidence: faults.map(({ said }) => said),
    remedy: `as a superuser: ${[...new Set(faults.map(({ remedy }) => remedy))].join('; ')}; then start the service again`,
  };
  return faults.some(({ isGrave }) => isGrave) ? critical(complaint) : warning(complaint);
}

function faultsOf(
  { name, connectionLimit, daysLeft, settings }: Login,
  connections: number,
): readonly Fault[] {
  const effective = new Map(
    settings
      .toReversed()
      .map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)]),
  );
  const reset = (setting: string): string =>
    `alter role ${name} reset ${setting}; alter role ${name} in database … reset ${setting}; alter database … reset ${setting}`;
  const wrong = [...effective].flatMap(([setting, value]): Fault[] => {
    const isGrave = setting.startsWith('app.') || settingsGood[setting]?.test(value) === false;
    return isGrave || settingsAdvised[setting]?.test(value) === false
      ? [{ isGrave, said: `${name} has ${setting} = ${value}`, remedy: reset(setting) }]
      : [];
  });
  const fewer: Fault[] =
    connectionLimit >= 0 && connectionLimit < connections
      ? [
          {
            isGrave: connectionLimit === 0,
            said: `${name} may open ${connectionLimit} connections, and wants ${connections}`,
            remedy: `alter role ${name} connection limit -1`,
          },
        ]
      : [];
  const ending: Fault[] =
    daysLeft !== null && daysLeft < daysLeftMin
      ? [
          {
            isGrave: daysLeft < 7,
            said: `the password of ${name} ${daysLeft < 0 ? 'has ended' : `ends in ${Math.floor(daysLeft)} days`}`,
            remedy: `alter role ${name} valid until 'infinity', or give it a new password and term`,
          },
        ]
      : [];
  return [...wrong, ...fewer, ...ending];
}
