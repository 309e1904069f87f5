import { type Check, critical, ok } from '../check.ts';

export const schemaRowSecurity: Check = {
  id: 'schema.row-security',
  runbook: 'docs/procedures/doctor.md',
  async look(context) {
    const session = await context.service();
    const tables = await session.rows<{ name: string; isOn: boolean; isForced: boolean; policies: number }>(
      `select c.oid::regclass::text as name, c.relrowsecurity as "isOn", c.relforcerowsecurity as "isForced",
              (select count(*)::int from pg_policy p where p.polrelid = c.oid) as policies
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = 'public' and c.relkind in ('r', 'p') and c.relname <> 'brownie_migrations' order by 1`,
    );
    const open = tables.filter(({ isOn, isForced }) => !isOn || !isForced);
    return open.length === 0
      ? ok(`Row-level security is forced on all ${tables.length} tables`)
      : critical({
          finding: `Row-level security is not forced on ${open.map(({ name }) => name).join(', ')}: tenants can see each other's rows`,
          evidence: open.map(
            ({ name, isOn, policies }) => `${name}: ${isOn ? 'on, not forced' : 'off'}, ${policies} policies`,
          ),
          remedy: open
            .map(({ name }) => `alter table ${name} enable row level security, force row level security`)
            .join('; '),
        });
  },
};
