import type { DoctorContext } from '../doctor/index.ts';
import { fromDiagnoses } from './from-doctor.ts';
import { type Item, needsPerson } from './item.ts';

export const dependencies: Item = {
  title: 'Update dependencies',
  look: async () =>
    needsPerson(
      ['through a change that passes the tests, never on the machine of the service'],
      'npm outdated; npm audit --omit=dev',
    ),
};

export const securityAudit: Item = {
  title: 'Security audit',
  async look({ diagnoses, doctor }) {
    const found = await diagnoses('configuration', 'schema', 'secrets');
    try {
      return fromDiagnoses(found, await roles(doctor));
    } catch {
      return fromDiagnoses(found);
    }
  },
};

/** Who could see every tenant's rows, and who may act as the service: for a person to read. */
async function roles(doctor: DoctorContext): Promise<readonly string[]> {
  const session = await doctor.service();
  const logins = await session.rows<{ name: string; rights: string }>(
    `select rolname as name,
            concat_ws(', ', case when rolsuper then 'superuser' end, case when rolbypassrls then 'bypasses row-level security' end,
                      case when rolcreaterole then 'creates roles' end,
                      case when pg_has_role(oid, to_regrole('brownie_app'), 'member') and not rolsuper then 'of the service' end) as rights
     from pg_roles where rolcanlogin order by 1`,
  );
  const strangers = await session.rows<{ name: string }>(
    `select distinct c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace,
            aclexplode(c.relacl) a
     where n.nspname = 'public' and c.relkind in ('r', 'p', 'v') and a.grantee = 0 and c.relname <> 'brownie_migrations'`,
  );
  const events = await session.rows<{ line: string }>(
    `select to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' ' || actor || ': ' || action as line
     from operator_events where occurred_at > now() - interval '31 days' order by id desc limit 10`,
  );
  return [
    'logins with rights beyond their own:',
    ...logins.filter(({ rights }) => rights !== '').map(({ name, rights }) => `  ${name}: ${rights}`),
    ...strangers.map(({ name }) => `everybody has a right on ${name}`),
    ...(events.length === 0 ? [] : ['what operators did last:', ...events.map(({ line }) => `  ${line}`)]),
  ];
}
