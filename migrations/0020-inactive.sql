-- An organization or team with is_active = false: nothing is made, changed or deleted there, by whichever release. It is read as before, its users
-- can be locked out, and its admins turn it on again.

-- Refuses a row with SQLSTATE IA403; its message is what is not active, `organization` or `team`. The owner of the tables is not bound.
create function refuse_inactive() returns trigger
  language plpgsql set search_path = public, pg_temp
as $$
declare
  at jsonb := to_jsonb(coalesce(new, old));
  inactive text;
begin
  select case when o.is_active then 'team' else 'organization' end into inactive
  from organizations o
  -- What teams themselves say is changed by their admins, is_active with it.
  left join teams t on tg_relid <> 'teams'::regclass and t.org_id = o.id and t.id = (at ->> 'team_id')::uuid
  where o.id = (at ->> 'org_id')::uuid and not (o.is_active and coalesce(t.is_active, true));
  if inactive is not null
    and not (select pg_has_role(current_user, relowner, 'member') from pg_class where oid = tg_relid)
  then
    raise exception using errcode = 'IA403', message = inactive;
  end if;
  return coalesce(new, old);
end
$$;

create trigger refuse_inactive before insert or update or delete on teams for each row execute function refuse_inactive();
-- Whoever is in a team can be taken out.
create trigger refuse_inactive before insert or update on team_memberships for each row execute function refuse_inactive();
create trigger refuse_inactive before insert or update on incidents for each row execute function refuse_inactive();
create trigger refuse_inactive before insert or update on agent_configs for each row execute function refuse_inactive();
create trigger refuse_inactive before insert or delete on stats for each row execute function refuse_inactive();

-- A comment changes no incident, and is made where the incident is.
create function refuse_inactive_event() returns trigger
  language plpgsql set search_path = public, pg_temp
as $$
declare
  inactive text;
begin
  select case when o.is_active then 'team' else 'organization' end into inactive
  from organizations o join incidents i on i.org_id = o.id join teams t on t.org_id = i.org_id and t.id = i.team_id
  where o.id = new.org_id and i.id = new.incident_id and not (o.is_active and t.is_active);
  if inactive is not null
    and not (select pg_has_role(current_user, relowner, 'member') from pg_class where oid = tg_relid)
  then
    raise exception using errcode = 'IA403', message = inactive;
  end if;
  return new;
end
$$;
create trigger refuse_inactive before insert on incident_events for each row
  when (new.type = 'commented') execute function refuse_inactive_event();
