-- What the planner takes for granted: an organization has some twenty rows of a table.
--
-- Where most organizations have one row when PostgreSQL looks, it expects one of each. An index that begins with the organization is then thought as good as the one that names
-- the row, also by the checks of foreign keys; once somebody has ten thousand (a directory that was just connected), each of them reads all of them. It heeds this from its next
-- ANALYZE on, and goes on counting the rows of those who have many.
do $$
declare
  tenant_table regclass;
begin
  for tenant_table in
    select a.attrelid::regclass
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and a.attname = 'org_id' and not a.attisdropped
      and not exists (
        select from pg_index i
        where i.indrelid = c.oid and i.indisunique and i.indpred is null and i.indkey::text = a.attnum::text
      )
  loop
    execute format('alter table %s alter column org_id set (n_distinct = -0.05)', tenant_table);
  end loop;
end
$$;
