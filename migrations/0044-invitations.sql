-- Whom an organization has asked to join: they come by the token of a mail, and nobody here knows before whether they have an account. Of a token the database
-- has its SHA-256 alone.

create function current_invitation_hash() returns bytea
  language sql stable parallel safe
  return decode(nullif(current_setting('app.invitation_hash', true), ''), 'hex');

create table invitations (
  org_id uuid not null,
  id uuid not null,
  email text not null,
  email_key text not null generated always as (email_key(email)) stored,
  team_id uuid not null,
  role text not null,
  secret_hash bytea not null,
  -- As it was when it was sent: a restore ends it.
  epoch uuid not null,
  created_by uuid not null,
  -- Who sent it last: it is good while they may invite.
  updated_by uuid not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  accepted_at timestamptz(3),
  accepted_by uuid,
  revoked_at timestamptz(3),
  primary key (org_id, id),
  -- An invitation into a team goes with it.
  constraint invitations_team_fkey foreign key (org_id, team_id) references teams (org_id, id) on delete cascade,
  constraint invitations_created_by_fkey foreign key (org_id, created_by) references organization_memberships (org_id, user_id),
  constraint invitations_updated_by_fkey foreign key (org_id, updated_by) references organization_memberships (org_id, user_id),
  constraint invitations_accepted_by_fkey foreign key (org_id, accepted_by) references organization_memberships (org_id, user_id),
  constraint invitations_email_check check (email ~ '^[^@]+@[^@]+\.[^@]+$' and char_length(email) <= 320),
  constraint invitations_role_check check (role in ('admin', 'member', 'viewer')),
  constraint invitations_secret_hash_check check (octet_length(secret_hash) = 32),
  constraint invitations_accepted_check check ((accepted_at is null) = (accepted_by is null))
);
create unique index invitations_secret_idx on invitations (secret_hash);
create index invitations_list_idx on invitations (org_id, created_at desc, id desc);
create index invitations_team_idx on invitations (org_id, team_id);
create index invitations_email_idx on invitations (org_id, email_key);

-- Beside the tenant's door, one for whoever shows the token: it says where they are asked to.
alter table invitations enable row level security, force row level security;
create policy invitations_read on invitations for select using (
  org_id = current_org_id() or secret_hash = current_invitation_hash()
);
create policy invitations_insert on invitations for insert with check (org_id = current_org_id());
create policy invitations_update on invitations for update using (org_id = current_org_id());
grant select, insert on invitations to brownie_app;
grant update (secret_hash, epoch, updated_by, updated_at, expires_at, accepted_at, accepted_by, revoked_at) on invitations to brownie_app;
create trigger refuse_in_maintenance before insert or update or delete on invitations execute function refuse_in_maintenance();
create trigger refuse_inactive before insert on invitations for each row execute function refuse_inactive();
