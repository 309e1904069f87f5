-- From here on the rows of 0024 are kept; 0026 makes those of what was there before.

create trigger keep_search_entry after insert or delete on incidents for each row execute function keep_search_entry('incident');
create trigger keep_changed_search_entry after update of title, description, tags, team_id, created_at on incidents for each row
  when ((old.title, old.description, old.tags, old.team_id, old.created_at) is distinct from (new.title, new.description, new.tags, new.team_id, new.created_at))
  execute function keep_search_entry('incident');
create trigger keep_search_entry after insert or delete on agent_configs for each row execute function keep_search_entry('agent_config');
create trigger keep_changed_search_entry after update of name, description, tags, team_id, created_at on agent_configs for each row
  when ((old.name, old.description, old.tags, old.team_id, old.created_at) is distinct from (new.name, new.description, new.tags, new.team_id, new.created_at))
  execute function keep_search_entry('agent_config');
create trigger keep_search_entry after insert or delete on organization_memberships for each row execute function keep_member_search_entry();
create trigger keep_changed_search_entry after update of created_at on organization_memberships for each row
  when (old.created_at is distinct from new.created_at) execute function keep_member_search_entry();
create trigger keep_search_entries after update of email, username, full_name on users for each row
  when ((old.email, old.username, old.full_name) is distinct from (new.email, new.username, new.full_name))
  execute function keep_user_search_entries();

-- The organizations that were there before. Whoever writes after this has the triggers.
create table search_backlog (org_id uuid primary key);
alter table organizations no force row level security;
insert into search_backlog select id from organizations;
alter table organizations force row level security;
alter table search_backlog enable row level security, force row level security;
create policy search_backlog_owner on search_backlog to current_user using (true);

-- A thousand rows a transaction: no lock is held that anybody waits for, and what was begun is gone on with.
create procedure fill_search_entries()
  language plpgsql
as $$
declare
  organization uuid;
  last uuid;
begin
  -- The guard of migrations refuses what policies would filter. Here they shall: it goes from one tenant to the next.
  perform set_config('row_security', 'on', false), set_config('search_path', 'public, pg_temp', false);
  loop
    select org_id into organization from search_backlog order by org_id limit 1;
    exit when not found;
    perform set_config('app.org_id', organization::text, false);
    last := '00000000-0000-0000-0000-000000000000';
    while last is not null loop
      with batch as (
        select * from incidents where org_id = organization and id > last order by id limit 1000
      ), filled as (
        insert into search_entries (org_id, kind, id, team_id, at, value, tags)
        select org_id, 'incident', id, team_id, created_at, search_fold(title) || E'\n' || search_fold(description), tags from batch
        on conflict do nothing
      )
      select (array_agg(id order by id desc))[1] into last from batch;
      commit;
    end loop;
    insert into search_entries (org_id, kind, id, team_id, at, value, tags)
    select org_id, 'agent_config', id, team_id, created_at, search_fold(name) || E'\n' || search_fold(description), tags
    from agent_configs where org_id = organization
    on conflict do nothing;
    insert into search_entries (org_id, kind, id, at, value)
    select m.org_id, 'member', u.id, m.created_at, search_member_value(u.email, u.username, u.full_name)
    from organization_memberships m join users u on u.id = m.user_id where m.org_id = organization
    on conflict do nothing;
    delete from search_backlog where org_id = organization;
    commit;
  end loop;
  perform set_config('app.org_id', '', false);
end
$$;
