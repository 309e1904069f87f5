import { type Check, critical, ok, type Verdict } from '../check.ts';

interface Owned {
  /** `table incidents`, `function email_key(text)`. */
  readonly object: string;
  readonly owner: string;
  /** Whether the login of migrations has the owner's rights. */
  readonly isOurs: boolean;
}

const question = `
  select 'table ' || c.relname as object, pg_get_userbyid(c.relowner)::text as owner,
         pg_has_role(session_user, c.relowner, 'usage') as "isOurs"
  from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
    and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
  union all
  select 'function ' || p.oid::regprocedure, pg_get_userbyid(p.proowner), pg_has_role(session_user, p.proowner, 'usage')
  from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prokind = 'f'
    and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
  order by 1`;

export const schemaOwners: Check = {
  id: 'schema.owners',
  runbook: 'docs/deployment.md',
  async look(context) {
    const [service, owner] = [await context.service(), await context.owner().catch(() => context.service())];
    return judgeOwners(await owner.rows<Owned>(question), owner !== service);
  },
};

/** @param isKnown whether there is a login of migrations to ask: without it, whoever owns the most should own all */
export function judgeOwners(objects: readonly Owned[], isKnown: boolean): Verdict {
  const counts = [...Map.groupBy(objects, ({ owner }) => owner)].toSorted(
    ([, a], [, b]) => b.length - a.length,
  );
  const [most] = counts.filter(([, owned]) => !isKnown || owned.every(({ isOurs }) => isOurs));
  const owner = most?.[0] ?? 'the login of METADATA_POSTGRES_MIGRATION_DSN';
  const others = objects.filter((each) => (isKnown ? !each.isOurs : each.owner !== owner));
  return others.length === 0
    ? ok(`All ${objects.length} tables and functions belong to ${owner}`)
    : critical({
        finding: `Not all belongs to ${owner}: migrations and backups fail at ${others.map(({ object }) => object).join(', ')}`,
        evidence: others.map((each) => `${each.object} belongs to ${each.owner}`),
        remedy: `as a superuser: ${others.map(({ object }) => `alter ${object} owner to ${owner}`).join('; ')}`,
      });
}
