-- The audit trail, and the replies kept for requests that carry an Idempotency-Key.

-- Who did what, from where, and what changed. The service may add rows and read them, nothing else.
create table audit_events (
  org_id uuid not null references organizations (id),
  id uuid not null,
  occurred_at timestamptz(3) not null default now(),
  actor_type text not null,
  actor_id uuid,
  action text not null,
  resource_type text not null,
  resource_id uuid not null,
  team_id uuid,
  before jsonb,
  after jsonb,
  request_id text,
  address inet,
  primary key (org_id, id),
  constraint audit_events_actor_type_check check (actor_type in ('user', 'operator')),
  constraint audit_events_actor_check check ((actor_id is not null) = (actor_type = 'user')),
  constraint audit_events_action_check check (action ~ '^[a-z_]+(\.[a-z_]+)+$'),
  constraint audit_events_request_id_check check (char_length(request_id) <= 128)
);
create index audit_events_list_idx on audit_events (org_id, occurred_at desc, id desc);
create index audit_events_actor_idx on audit_events (org_id, actor_id, occurred_at desc, id desc);
create index audit_events_action_idx on audit_events (org_id, action, occurred_at desc, id desc);
create index audit_events_resource_idx on audit_events (org_id, resource_type, resource_id, occurred_at desc, id desc);
create index audit_events_resource_id_idx on audit_events (org_id, resource_id, occurred_at desc, id desc);

-- A reply is kept for a day, for the principal and the route that made it. Rows are visible to that principal only.
create table idempotency_keys (
  org_id uuid not null references organizations (id),
  principal_id uuid not null references users (id),
  route text not null,
  key text not null,
  fingerprint bytea not null,
  -- Null only inside the transaction that makes it.
  reply jsonb,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null default now() + interval '24 hours',
  primary key (org_id, principal_id, route, key),
  constraint idempotency_keys_key_check check (char_length(key) between 1 and 255)
);
create index idempotency_keys_expires_idx on idempotency_keys (principal_id, expires_at);

alter table audit_events enable row level security, force row level security;
alter table idempotency_keys enable row level security, force row level security;
create policy audit_events_read on audit_events for select using (org_id = current_org_id());
create policy audit_events_insert on audit_events for insert with check (org_id = current_org_id());
create policy idempotency_keys_principal on idempotency_keys using (principal_id = current_user_id());
grant select, insert on audit_events to brownie_app;
grant select, insert, update, delete on idempotency_keys to brownie_app;
