import type pg from 'pg';
import { groupRole } from '../../../platform/database/service-role.ts';

/** What the migrations can make, each kind with what the others of it are told apart by. */
export type FactKind =
  | 'table'
  | 'column'
  | 'index'
  | 'constraint'
  | 'policy'
  | 'trigger'
  | 'function'
  | 'privilege';

/** Something that is in a schema. */
export interface Fact {
  readonly kind: FactKind;
  /** The table that it is of, or what a privilege is on; empty where it stands by itself. */
  readonly of: string;
  /** `idx_users_email`; of a privilege `SELECT`, or `UPDATE (expires_at)`; of a function `email_key(text)`. */
  readonly name: string;
  /** What makes it again, where that takes more than its name. */
  readonly definition?: string;
  /** Of an index that keeps values unique. */
  readonly isUnique?: true;
}

/** @NOTE triggers that are switched off are none, and NOT NULL is one of the constraints in PostgreSQL 18 only, and left out. */
const question = `
  with ours as (
    select c.oid, c.relname::text as name, c.relacl, c.relowner
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
  ),
  functions as (
    select p.oid, p.oid::regprocedure::text as name, p.proacl, p.proowner
    from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prokind = 'f'
      and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
  ),
  privileges as (
    select o.name as object, x.grantee, x.privilege_type as name
    from ours o, aclexplode(coalesce(o.relacl, acldefault('r', o.relowner))) x
    union all
    select o.name, x.grantee, format('%s (%s)', x.privilege_type, a.attname)
    from ours o join pg_attribute a on a.attrelid = o.oid, aclexplode(a.attacl) x
    union all
    select f.name, x.grantee, x.privilege_type
    from functions f, aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) x
    union all
    select 'schema public', x.grantee, x.privilege_type
    from pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) x where n.nspname = 'public'
  )
  select kind, "of", name, definition, "isUnique" from (
    select 'table' as kind, '' as "of", name, null as definition, null::boolean as "isUnique" from ours
    union all
    select 'column', o.name, a.attname::text, null, null
    from pg_attribute a join ours o on o.oid = a.attrelid where a.attnum > 0 and not a.attisdropped
    union all
    select 'index', o.name, c.relname::text,
           coalesce((select format('alter table %I add constraint %I %s', o.name, k.conname, pg_get_constraintdef(k.oid))
                     from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x')),
                    pg_get_indexdef(i.indexrelid)),
           nullif(i.indisunique, false)
    from pg_index i join ours o on o.oid = i.indrelid join pg_class c on c.oid = i.indexrelid
    union all
    select 'constraint', o.name, k.conname::text,
           format('alter table %I add constraint %I %s', o.name, k.conname, pg_get_constraintdef(k.oid)), null
    from pg_constraint k join ours o on o.oid = k.conrelid where k.contype in ('c', 'f')
    union all
    select 'policy', o.name, p.polname::text, null, null from pg_policy p join ours o on o.oid = p.polrelid
    union all
    select 'trigger', o.name, t.tgname::text, pg_get_triggerdef(t.oid), null
    from pg_trigger t join ours o on o.oid = t.tgrelid where not t.tgisinternal and t.tgenabled in ('O', 'A')
    union all
    select 'function', '', name, null, null from functions
    union all
    select distinct 'privilege', p.object, p.name, null, null::boolean
    from privileges p join pg_roles g on g.rolname = '${groupRole}'
    where p.grantee = 0 or pg_has_role(g.oid, p.grantee, 'usage')
  ) facts
  where name <> 'brownie_migrations' and ("of" <> 'brownie_migrations' or kind = 'privilege')
  order by kind, "of", name`;

/**
 * What is in the schema of a database, in a fixed order: what migrations made, and the privileges of the service's group. Anybody
 * may ask. The table of migrations itself is none of it, but for the right to read it.
 */
export async function readSchema(sender: Pick<pg.ClientBase, 'query'>): Promise<readonly Fact[]> {
  const { rows } = await sender.query<{ [Name in keyof Fact]: Fact[Name] | null }>(question);
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)),
  ) as unknown as readonly Fact[];
}

/** By what facts of two databases are one and the same. */
export const identityOf = ({ kind, of, name }: Fact): string => `${kind} ${of} ${name}`;
