import { groupRole } from '../../../platform/database/service-role.ts';
import { type Check, critical, ok, type Verdict, warning } from '../check.ts';
import type { DoctorContext } from '../doctor-context.ts';

interface Role {
  readonly name: string;
  readonly isSuperuser: boolean;
  readonly bypassesRls: boolean;
  readonly createsRoles: boolean;
  readonly owned: number;
  readonly isMember: boolean;
}

export const schemaRole: Check = {
  id: 'schema.role',
  runbook: 'docs/deployment.md',
  async look(context: DoctorContext) {
    const session = await context.service();
    const role = await session.row<Role>(
      `select r.rolname as name, r.rolsuper as "isSuperuser", r.rolbypassrls as "bypassesRls",
              r.rolcreaterole as "createsRoles",
              (select count(*)::int from pg_class c join pg_namespace n on n.oid = c.relnamespace
               where n.nspname = 'public' and c.relkind in ('r', 'p') and pg_has_role(session_user, c.relowner, 'member'))
                as owned,
              coalesce((select pg_has_role(session_user, oid, 'usage') from pg_roles where rolname = $1), false)
                as "isMember"
       from pg_roles r where r.rolname = session_user`,
      [groupRole],
    );
    return judgeRole(role, context.config.environment === 'production');
  },
};

/** A login with too much is refused in production; elsewhere the service takes on the group role. */
export function judgeRole(role: Role, isProduction: boolean): Verdict {
  const { name } = role;
  if (!role.isMember) {
    return critical({
      finding: `${name}, the login of the service, has no right on the tables`,
      remedy: `grant ${groupRole} to ${name}`,
    });
  }
  const rights = [
    ...(role.isSuperuser ? [{ right: 'is a superuser', undo: `alter role ${name} nosuperuser` }] : []),
    ...(role.bypassesRls
      ? [{ right: 'bypasses row-level security', undo: `alter role ${name} nobypassrls` }]
      : []),
    ...(role.createsRoles ? [{ right: 'may create roles', undo: `alter role ${name} nocreaterole` }] : []),
    ...(role.owned > 0 && !role.isSuperuser
      ? [{ right: `owns ${role.owned} tables`, undo: 'a login of its own, see docs/deployment.md' }]
      : []),
  ];
  if (rights.length === 0) {
    return ok(`${name} may do what the service does, and no more`);
  }
  const complaint = {
    finding: `${name}, the login of the service, ${rights.map(({ right }) => right).join(' and ')}: nothing but our code keeps tenants apart`,
    remedy: rights.map(({ undo }) => undo).join('; '),
  };
  return isProduction || role.isSuperuser || role.bypassesRls ? critical(complaint) : warning(complaint);
}
