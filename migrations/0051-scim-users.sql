-- What a directory says of the people of an organization (SCIM 2.0, RFC 7643), beside their accounts, which are global: docs/adr/0045-scim.md. Members of whom it has
-- said nothing yet have no row.

create table scim_users (
  org_id uuid not null,
  user_id uuid not null,
  user_name text not null,
  user_name_key text not null generated always as (email_key(user_name)) stored,
  external_id text,
  display_name text,
  formatted text,
  given_name text,
  family_name text,
  emails jsonb not null default '[]',
  -- When the directory deactivated somebody who belongs to another organization, too: they are no member of this one until it says otherwise.
  suspended_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  primary key (org_id, user_id),
  constraint scim_users_user_name_key unique (org_id, user_name_key),
  constraint scim_users_member_fkey foreign key (org_id, user_id) references organization_memberships (org_id, user_id),
  constraint scim_users_user_name_check check (char_length(user_name) between 1 and 320),
  constraint scim_users_external_id_check check (char_length(external_id) between 1 and 255),
  constraint scim_users_names_check check (
    char_length(display_name) <= 255 and char_length(formatted) <= 255 and char_length(given_name) <= 255 and char_length(family_name) <= 255
  ),
  constraint scim_users_emails_check check (jsonb_typeof(emails) = 'array' and jsonb_array_length(emails) <= 10)
);
create index scim_users_external_id_idx on scim_users (org_id, external_id) where external_id is not null;

alter table scim_users enable row level security, force row level security;
create policy scim_users_tenant on scim_users using (org_id = current_org_id());
grant select, insert, delete on scim_users to brownie_app;
grant update (user_name, external_id, display_name, formatted, given_name, family_name, emails, suspended_at, updated_at) on scim_users to brownie_app;
create trigger refuse_in_maintenance before insert or update or delete on scim_users execute function refuse_in_maintenance();
