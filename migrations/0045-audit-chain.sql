-- The audit trail as evidence: each entry has a link, and the links of an organization are a chain of hashes in the order in which entries were
-- committed: docs/adr/0042-audit-chain.md. Who writes an entry leaves a link without a place in the chain, whichever release writes; who seals
-- gives it one, a moment later. So writers wait for nobody.

-- A moment as text, the same whatever the session's time zone.
create function audit_time(at timestamptz) returns text
  language sql stable parallel safe
  return to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');

-- What is hashed of an entry, and exported: all of it, as jsonb is written. A member that comes later is to be left out where it is null, for the
-- hashes of what was before.
create function audit_entry_text(entry audit_events) returns text
  -- A text, not a parsed body: that would keep the types of these columns from being changed.
  language sql stable parallel safe set search_path = public, pg_temp
as $$
  select jsonb_build_object(
    'id', entry.id, 'org_id', entry.org_id, 'occurred_at', audit_time(entry.occurred_at),
    'actor_type', case when entry.api_key_id is null then entry.actor_type else 'api_key' end,
    'actor_id', entry.actor_id, 'api_key_id', entry.api_key_id, 'action', entry.action, 'resource_type', entry.resource_type,
    'resource_id', entry.resource_id, 'team_id', entry.team_id, 'before', entry.before, 'after', entry.after,
    'request_id', entry.request_id, 'address', abbrev(entry.address)
  )::text
$$;

-- SHA-256 of four lines: the hash before in hexadecimal digits, the place, when it was recorded (empty for what was there before the chain),
-- the entry.
create function audit_hash(previous bytea, seq bigint, recorded_at timestamptz, entry text) returns bytea
  language sql stable parallel safe
  return sha256(convert_to(concat_ws(E'\n', encode(previous, 'hex'), seq::text, coalesce(audit_time(recorded_at), ''), coalesce(entry, '')), 'UTF8'));

create table audit_links (
  org_id uuid not null,
  event_id uuid not null,
  -- The order in which entries were written, of all organizations.
  position bigint not null generated always as identity,
  -- By the clock, whatever the entry says; null for what was there before the chain.
  recorded_at timestamptz(3),
  -- Both null until it is sealed. From 1, without a gap.
  seq bigint,
  hash bytea,
  primary key (org_id, event_id),
  constraint audit_links_sealed_check check ((seq is null) = (hash is null) and seq > 0 and octet_length(hash) = 32)
);
create unique index audit_links_chain_idx on audit_links (org_id, seq) where seq is not null;
create index audit_links_pending_idx on audit_links (position) where seq is null;

-- Where the chain of an organization ends.
create table audit_chains (
  org_id uuid primary key,
  seq bigint not null,
  hash bytea not null,
  sealed_at timestamptz(3) not null,
  -- What was removed from its beginning, by the operator: up to which place, and the hash there.
  pruned_seq bigint not null default 0,
  pruned_hash bytea not null default decode(repeat('00', 32), 'hex'),
  constraint audit_chains_hash_check check (octet_length(hash) = 32 and octet_length(pruned_hash) = 32),
  constraint audit_chains_pruned_check check (pruned_seq between 0 and seq)
);

-- A door to the entries of all organizations for the owner alone, while entries are sealed.
create function is_sealing() returns boolean
  language sql stable parallel safe
  return coalesce(current_setting('app.sealing', true), '') = 'yes';
create policy audit_events_sealing on audit_events for select to current_user using (is_sealing());

alter table audit_links enable row level security, force row level security;
alter table audit_chains enable row level security, force row level security;
create policy audit_links_read on audit_links for select using (org_id = current_org_id());
create policy audit_links_owner on audit_links to current_user using (true);
create policy audit_chains_read on audit_chains for select using (org_id = current_org_id());
create policy audit_chains_owner on audit_chains to current_user using (true);
grant select on audit_links to brownie_app;
grant select on audit_chains to brownie_app;
create trigger refuse_in_maintenance before insert or update or delete on audit_links execute function refuse_in_maintenance();
create trigger refuse_in_maintenance before insert or update or delete on audit_chains execute function refuse_in_maintenance();

-- As the owner: the service's role makes no link of its own, and none without an entry.
create function link_audit_event() returns trigger
  language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  -- An entry that is copied back after it was lost has its link still.
  insert into audit_links (org_id, event_id, recorded_at) values (new.org_id, new.id, clock_timestamp()) on conflict do nothing;
  return null;
end
$$;
revoke execute on function link_audit_event() from public;
create trigger link_audit_event after insert on audit_events for each row execute function link_audit_event();

-- Gives what was committed its place in the chain, the earliest first, so many at most and for a second or so: how many it were. One at a
-- time seals: who is not patient leaves it to whoever does. Writes nothing during maintenance.
--
-- What one transaction saw of another comes after it: the links of both are found in the order of their positions, and never the later one alone.
-- An entry that was removed before it was sealed has its place, too, where it is missed.
create function seal_audit_events(most integer, is_patient boolean) returns integer
  language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  until constant timestamptz := clock_timestamp() + interval '1 second';
  link record;
  chain audit_chains;
  content text;
  organizations uuid[] := '{}';
  sealed integer := 0;
begin
  if exists (select from maintenance m where m.until is null or m.until > clock_timestamp()) then
    return 0;
  end if;
  if is_patient then
    perform pg_advisory_xact_lock(503, 39);
  elsif not pg_try_advisory_xact_lock(503, 39) then
    return 0;
  end if;
  perform set_config('app.sealing', 'yes', true);
  for link in
    select * from (select * from audit_links where seq is null order by position limit most) earliest order by org_id, position
  loop
    if chain.org_id is distinct from link.org_id then
      select * into chain from audit_chains where org_id = link.org_id;
      if not found then
        chain.org_id := link.org_id;
        chain.seq := 0;
        chain.hash := decode(repeat('00', 32), 'hex');
      end if;
    end if;
    select audit_entry_text(e) into content from audit_events e where e.org_id = link.org_id and e.id = link.event_id;
    chain.seq := chain.seq + 1;
    chain.hash := audit_hash(chain.hash, chain.seq, link.recorded_at, content);
    update audit_links set seq = chain.seq, hash = chain.hash where org_id = link.org_id and event_id = link.event_id;
    organizations := organizations || case when organizations[cardinality(organizations)] = link.org_id then '{}' else array[link.org_id] end;
    sealed := sealed + 1;
    exit when clock_timestamp() > until;
  end loop;
  insert into audit_chains (org_id, seq, hash, sealed_at)
  select organization, last.seq, last.hash, clock_timestamp()
  from unnest(organizations) organization, lateral (
    select l.seq, l.hash from audit_links l where l.org_id = organization and l.seq is not null order by l.seq desc limit 1
  ) last
  on conflict (org_id) do update set seq = excluded.seq, hash = excluded.hash, sealed_at = excluded.sealed_at;
  perform set_config('app.sealing', '', true);
  return sealed;
end
$$;
revoke execute on function seal_audit_events(integer, boolean) from public;
grant execute on function seal_audit_events(integer, boolean) to brownie_app;

-- No entry is of the future, but for a resource whose last one is: by a clock that was set back, see docs/adr/0026-the-order-of-changes.md.
create function refuse_future_audit_event() returns trigger
  language plpgsql set search_path = public, pg_temp
as $$
begin
  if not exists (
      select from audit_events e
      where e.org_id = new.org_id and e.resource_type = new.resource_type and e.resource_id = new.resource_id
        and e.occurred_at >= new.occurred_at - interval '1 millisecond')
    and not (select pg_has_role(current_user, relowner, 'member') from pg_class where oid = tg_relid)
  then
    raise exception using errcode = '42501', message = 'an audit entry of the future';
  end if;
  return new;
end
$$;
create trigger refuse_future_audit_event before insert on audit_events for each row
  when (new.occurred_at > clock_timestamp() + interval '1 minute') execute function refuse_future_audit_event();

-- Links for the entries that were there before, in their order and before all others; a thousand a transaction, so that nobody waits, and what was
-- begun is gone on with.
create procedure link_earlier_audit_events()
  language plpgsql
as $$
declare
  organization uuid := '00000000-0000-0000-0000-000000000000';
  last_at timestamptz;
  last_id uuid;
  n bigint;
begin
  -- The guard of migrations refuses what policies would filter: here they filter nothing.
  perform set_config('row_security', 'on', false), set_config('search_path', 'public, pg_temp', false), set_config('app.sealing', 'yes', false);
  select coalesce(max(position), -(1::bigint << 62)) into n from audit_links where position < 0;
  loop
    select org_id into organization from audit_events where org_id > organization order by org_id limit 1;
    exit when not found;
    last_at := '-infinity';
    last_id := '00000000-0000-0000-0000-000000000000';
    loop
      with batch as (
        select id, occurred_at, row_number() over (order by occurred_at, id) as i from audit_events
        where org_id = organization and (occurred_at, id) > (last_at, last_id) order by occurred_at, id limit 1000
      ), linked as (
        insert into audit_links (org_id, event_id, position) overriding system value
        select organization, id, n + i from batch on conflict do nothing
      )
      select n + count(*), (array_agg(occurred_at order by i desc))[1], (array_agg(id order by i desc))[1] into n, last_at, last_id from batch;
      commit;
      exit when last_at is null;
    end loop;
  end loop;
  perform set_config('app.sealing', '', false);
end
$$;
