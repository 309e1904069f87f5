-- Groups of a directory and who is in them, as it says (SCIM 2.0, RFC 7643): docs/adr/0045-scim.md. By themselves they give nothing here.

create table scim_groups (
  org_id uuid not null references organizations (id),
  id uuid not null,
  display_name text not null,
  display_name_key text not null generated always as (email_key(display_name)) stored,
  external_id text,
  version integer not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  primary key (org_id, id),
  constraint scim_groups_display_name_key unique (org_id, display_name_key),
  constraint scim_groups_display_name_check check (char_length(display_name) between 1 and 255),
  constraint scim_groups_external_id_check check (char_length(external_id) between 1 and 255)
);
create index scim_groups_list_idx on scim_groups (org_id, created_at, id);
create index scim_groups_external_id_idx on scim_groups (org_id, external_id) where external_id is not null;

create table scim_group_members (
  org_id uuid not null,
  group_id uuid not null,
  user_id uuid not null,
  primary key (org_id, group_id, user_id),
  constraint scim_group_members_group_fkey foreign key (org_id, group_id) references scim_groups (org_id, id) on delete cascade,
  constraint scim_group_members_member_fkey foreign key (org_id, user_id) references organization_memberships (org_id, user_id)
);
create index scim_group_members_user_idx on scim_group_members (org_id, user_id);

alter table scim_groups enable row level security, force row level security;
alter table scim_group_members enable row level security, force row level security;
create policy scim_groups_tenant on scim_groups using (org_id = current_org_id());
create policy scim_group_members_tenant on scim_group_members using (org_id = current_org_id());
grant select, insert, delete, update (display_name, external_id, version, updated_at) on scim_groups to brownie_app;
grant select, insert, delete on scim_group_members to brownie_app;
create trigger refuse_in_maintenance before insert or update or delete on scim_groups execute function refuse_in_maintenance();
create trigger refuse_in_maintenance before insert or update or delete on scim_group_members execute function refuse_in_maintenance();
