-- Adds the rows of rows.sql to a database that is in use: all of them or none. For psql, as a superuser, in the folder of that file,
-- which pg_dump writes with --data-only --inserts --on-conflict-do-nothing: what is there stays as it is.
-- See docs/procedures/backup-and-recovery.md.
--
-- Foreign keys are looked at when all rows are there: members point at teams and teams at members, and users at users. The tables
-- that have such keys take no other writes until it is done.

\set ON_ERROR_STOP on
begin;
-- Rather fail than have everybody wait behind a transaction that is left open.
set local lock_timeout = '10s';
create temporary table key_at_once on commit drop as
select format('alter table %I.%I alter constraint %I', nspname, relname, conname) as change
from pg_constraint
  join pg_class on pg_class.oid = conrelid
  join pg_namespace on pg_namespace.oid = relnamespace
where contype = 'f' and not condeferrable and nspname = 'public'
order by relname, conname;
select change || ' deferrable initially deferred' from key_at_once \gexec

-- Entries of the audit trail come with their links, or have them still; what has none gets one in the end.
alter table public.audit_events disable trigger link_audit_event;

\i rows.sql

set constraints all immediate;
insert into public.audit_links (org_id, event_id)
select org_id, id from public.audit_events e
where not exists (select from public.audit_links l where l.org_id = e.org_id and l.event_id = e.id) order by occurred_at, id;
alter table public.audit_events enable trigger link_audit_event;
select change || ' not deferrable' from pg_temp.key_at_once \gexec
commit;
