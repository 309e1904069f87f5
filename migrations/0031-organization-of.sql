-- Where a resource is that is not in the organization of the token: one statement, however many organizations the caller belongs to.

-- A door to all rows for the owner alone, while organization_of runs and never else: the service's role does not own the tables.
create function is_locating() returns boolean
  language sql stable parallel safe
  return coalesce(current_setting('app.locating', true), '') = 'yes';

create policy organization_memberships_locating on organization_memberships for select to current_user using (is_locating());
create policy teams_locating on teams for select to current_user using (is_locating());
create policy incidents_locating on incidents for select to current_user using (is_locating());
create policy agent_configs_locating on agent_configs for select to current_user using (is_locating());
create policy stats_locating on stats for select to current_user using (is_locating());

-- Which of the organizations of the scope's user holds a resource; null where none of them does. It works as its owner; the memberships of
-- current_user_id() bind it as a policy would, and those that are over are none. API keys come with 0033-api-keys.sql.
create function organization_of(kind text, resource uuid) returns uuid
  language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  holder uuid;
begin
  -- Not as a setting of the function: that takes a superuser for a parameter that PostgreSQL does not know.
  perform set_config('app.locating', 'yes', true);
  case kind
    when 'team' then
      select r.org_id into holder from organization_memberships m join teams r on r.org_id = m.org_id and r.id = resource
      where m.user_id = current_user_id() and m.removed_at is null limit 1;
    when 'user' then
      select r.org_id into holder from organization_memberships m join organization_memberships r on r.org_id = m.org_id and r.user_id = resource
      where m.user_id = current_user_id() and m.removed_at is null order by m.created_at, m.org_id limit 1;
    when 'incident' then
      select r.org_id into holder from organization_memberships m join incidents r on r.org_id = m.org_id and r.id = resource
      where m.user_id = current_user_id() and m.removed_at is null limit 1;
    when 'agent_config' then
      select r.org_id into holder from organization_memberships m join agent_configs r on r.org_id = m.org_id and r.id = resource
      where m.user_id = current_user_id() and m.removed_at is null limit 1;
    when 'stats' then
      select r.org_id into holder from organization_memberships m join stats r on r.org_id = m.org_id and r.id = resource
      where m.user_id = current_user_id() and m.removed_at is null limit 1;
    when 'api_key' then
      select r.org_id into holder from organization_memberships m join api_keys r on r.org_id = m.org_id and r.id = resource
      where m.user_id = current_user_id() and m.removed_at is null limit 1;
  end case;
  perform set_config('app.locating', '', true);
  return holder;
end
$$;
revoke execute on function organization_of(text, uuid) from public;
grant execute on function organization_of(text, uuid) to brownie_app;
