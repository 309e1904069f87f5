-- The roles and the database of Brownie Metadata API, on a PostgreSQL that has neither. For psql, as a superuser; safe to
-- repeat, and what gives the roles new passwords. The image of PostgreSQL runs it when it makes its data directory.
--
-- Passwords come from the files that these variables name, so that they stand in no command line and no history:
-- BROWNIE_OWNER_PASSWORD_FILE, BROWNIE_SERVICE_PASSWORD_FILE, BROWNIE_BACKUP_PASSWORD_FILE.

\set ON_ERROR_STOP on
-- Nor may the server's log and statistics keep them.
set log_statement = none;
set log_min_error_statement = panic;
set log_min_duration_statement = -1;
select set_config('pg_stat_statements.track', 'none', false)
from pg_settings where name = 'pg_stat_statements.track' \g /dev/null

\set owner_password `cat "$BROWNIE_OWNER_PASSWORD_FILE"`
\set service_password `cat "$BROWNIE_SERVICE_PASSWORD_FILE"`
\set backup_password `cat "$BROWNIE_BACKUP_PASSWORD_FILE"`
-- A file that cannot be read is an empty password here, and that would clear the one of the role.
select concat_ws(', ',
  case when :'owner_password' = '' then 'BROWNIE_OWNER_PASSWORD_FILE' end,
  case when :'service_password' = '' then 'BROWNIE_SERVICE_PASSWORD_FILE' end,
  case when :'backup_password' = '' then 'BROWNIE_BACKUP_PASSWORD_FILE' end) as without \gset
select :'without' <> '' as is_incomplete \gset
\if :is_incomplete
  \warn No password in the files that these name, or this user cannot read them: :without
  do $$ begin raise exception 'nothing was changed'; end $$;
\endif

select format('create role %I', missing)
from unnest(array['brownie_app', 'brownie_owner', 'brownie_service', 'brownie_backup']) as missing
where missing not in (select rolname from pg_roles) \gexec

-- brownie_app is what the service may do; brownie_owner runs migrations; brownie_service is the login of the service, which
-- owns nothing and bypasses nothing; brownie_backup reads every row, for backups alone.
set password_encryption = 'scram-sha-256';
alter role brownie_app nologin;
-- Who may create roles may grant themselves pg_execute_server_program up to PostgreSQL 15: brownie_app is there, and needs no one to make it.
alter role brownie_owner login nocreaterole password :'owner_password';
alter role brownie_service login password :'service_password';
alter role brownie_backup login bypassrls password :'backup_password';
grant brownie_app to brownie_owner with admin option;
grant brownie_app to brownie_service;
grant pg_read_all_data to brownie_backup;
-- From PostgreSQL 16 on: a full pool keeps neither a migration nor a backup out (reserved_connections).
select 'grant pg_use_reserved_connections to brownie_owner, brownie_backup'
where exists (select from pg_roles where rolname = 'pg_use_reserved_connections') \gexec

select 'create database brownie owner brownie_owner'
where not exists (select from pg_database where datname = 'brownie') \gexec
revoke all on database brownie from public;
grant connect on database brownie to brownie_app, brownie_backup;

\connect brownie
-- What was slow, for whoever looks into it. A server without the module goes without.
select 'create extension if not exists pg_stat_statements'
where exists (select from pg_available_extensions where name = 'pg_stat_statements') \gexec
grant pg_read_all_stats to brownie_owner;
-- New certificates of the server come into use by it: `brownie certs rotate server --reload`.
grant execute on function pg_reload_conf() to brownie_owner;
