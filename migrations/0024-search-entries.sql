-- What lists are searched by: a row for each incident, agent configuration and member, with its text in one spelling.
--
-- Row-level security keeps operators that are not leakproof, LIKE among them, from using an index. So the text stands in a table of its own,
-- whose owner sees all of it, and is read through search_entries_before(), which names the tenant itself: docs/adr/0029.

create extension if not exists pg_trgm with schema public;

-- One spelling of letters with and without case and accents, in every script, and one space between words. Neither normalize(), which has
-- tables of its own, nor lower() by ICU depends on the locale of the database; unaccent() reads a file, and so is not immutable.
create function search_fold(value text) returns text
  language sql immutable parallel safe
  return case
    when value is null then ''
    when value !~ '[^\x01-\x7f]' collate "C" then regexp_replace(lower(value collate "C"), '\s+', ' ', 'g')
    else replace(replace(replace(replace(translate(
      regexp_replace(lower(regexp_replace(normalize(value, nfkd) collate "C", '[\u0300-\u036f]+', '', 'g') collate "und-x-icu")
        collate "C", '\s+', ' ', 'g'),
      'øłđðħı', 'olddhi'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th')
  end;

-- The words of a search in that spelling, the longest first.
create function search_words(words text[]) returns text[]
  language sql immutable parallel safe
  return (
    select coalesce(array_agg(word order by char_length(word) desc, word), '{}')
    from (select distinct btrim(search_fold(each)) as word from unnest(words) each) folded where word <> ''
  );

-- What trigrams do not hold: all characters but letters and digits of ASCII, and the one or two that words begin with.
create function search_letter_keys(value text) returns integer[]
  language sql immutable parallel safe
  return (
    select coalesce(array_agg(distinct ascii(letter)), '{}')
    from unnest(string_to_array(regexp_replace(value collate "C", '[a-z0-9[:space:]]+', '', 'g'), null)) letter
  ) || (
    select coalesce(array_agg(distinct hashtext('begins:' || left(word, 1))) || array_agg(distinct hashtext('begins:' || left(word, 2))), '{}')
    from unnest(regexp_split_to_array(value collate "C", '[^a-z0-9]+')) word where word <> ''
  );

create function search_tag_keys(tags text[]) returns integer[]
  language sql immutable parallel safe
  return (select coalesce(array_agg(distinct hashtext('tag:' || tag)), '{}') from unnest(tags) tag);

-- A span of time in a list: the so many-th of 2 ^ shift seconds since 1970.
create function search_span_key(kind text, list_id uuid, shift integer, span bigint) returns integer
  language sql immutable parallel safe
  return hashtext(kind || ':' || list_id || ':' || shift || ':' || span);

-- Every entry has those of a minute, 17 minutes, 5 hours, 3 days, 49 days, 2 years and 34 years, in the list of its organization and of its team.
create function search_span_keys(kind text, list_id uuid, at timestamptz) returns integer[]
  language sql immutable parallel safe
  return (
    select coalesce(array_agg(search_span_key(kind, list_id, shift, greatest(extract(epoch from at), 0)::bigint >> shift)), '{}')
    from unnest('{6,10,14,18,22,26,30}'::integer[]) shift where list_id is not null
  );

create table search_entries (
  org_id uuid not null,
  kind text not null,
  -- Of the incident, the agent configuration or the user.
  id uuid not null,
  -- Null for members: their list is the organization's.
  team_id uuid,
  -- What the list is sorted by.
  at timestamptz(3) not null,
  value text collate "C" not null,
  tags text[] not null default '{}',
  -- Stored, not computed by the index: what LIKE finds by trigrams is compared once more, and everything else with it.
  keys integer[] not null generated always as (
    search_span_keys(kind, org_id, at) || search_span_keys(kind, team_id, at) || search_letter_keys(value) || search_tag_keys(tags)
  ) stored,
  primary key (org_id, kind, id),
  constraint search_entries_kind_check check (kind in ('incident', 'agent_config', 'member'))
);
create index search_entries_member_idx on search_entries (id) where kind = 'member';

alter table search_entries enable row level security, force row level security;
create policy search_entries_tenant on search_entries using (org_id = current_org_id());
-- True and nothing else: PostgreSQL drops it, and no condition stands before those that are not leakproof.
create policy search_entries_owner on search_entries to current_user using (true);
grant select on search_entries to brownie_app;
create trigger refuse_in_maintenance before insert or update or delete on search_entries execute function refuse_in_maintenance();

-- What is in lists of the tenant before a position, has all words and passes the filter, the latest first: at least as many as are wanted,
-- or all there are.
--
-- It goes back in time by spans that grow, so that what it reads follows from what it finds, however rare the words are. A span that
-- holds too many is taken in parts. It works as its owner; current_org_id() binds it as a policy would.
create function search_entries_before(of_kind text, list_ids uuid[], words text[], before_at timestamptz, before_id uuid, wanted integer, filter jsonb)
  returns table (id uuid, at timestamptz)
  language plpgsql stable security definer set search_path = public, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
  shifts constant integer[] := '{6,10,14,18,22,26,30}';
  -- The longest words that trigrams can tell; the others are compared anyway.
  patterns constant text[] := array(
    select '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%' from unnest(words) word
    where exists (select from unnest(show_trgm(word)) trigram where trigram !~ ' ') order by char_length(word) desc limit 2);
  pattern constant text := patterns[1];
  second_pattern constant text := coalesce(patterns[2], pattern);
  wanted_tags constant text[] := array(select jsonb_array_elements_text(filter->'tags'));
  needed constant integer[] := search_tag_keys(wanted_tags)
    || array(select hashtext('begins:' || word) from unnest(words) word where word ~ '^[a-z0-9]{1,2}$' limit 10)
    || array(select distinct ascii(letter)
             from unnest(words) word, string_to_table(regexp_replace(word, '[a-z0-9[:space:]]+', '', 'g'), null) letter limit 10);
  is_deleted_included constant boolean := coalesce((filter->>'include_deleted')::boolean, false);
  wanted_status constant text := filter->>'status';
  wanted_priority constant text := filter->>'priority';
  wanted_assignee constant uuid := (filter->>'assigned_to')::uuid;
  wanted_type constant text := filter->>'agent_type';
  wanted_activity constant boolean := (filter->>'is_active')::boolean;
  since constant timestamptz := coalesce((filter->>'since')::timestamptz, '-infinity');
  updated_since constant timestamptz := coalesce((filter->>'updated_since')::timestamptz, '-infinity');
  level integer := 2;
  -- What comes next ends here: seconds since 1970.
  ending bigint;
  first_span bigint;
  last_span bigint;
  is_single boolean := false;
  most integer := 500;
  spans integer[];
  candidates search_entries[];
  passing integer;
  found_so_far integer := 0;
begin
  if before_at = 'infinity' then
    level := 7;
    ending := 1::bigint << 34;
  else
    ending := ((greatest(extract(epoch from before_at), 0)::bigint >> shifts[2]) + 1) << shifts[2];
  end if;
  while ending > greatest(extract(epoch from since), 0) and found_so_far < wanted loop
    last_span := (ending >> shifts[level]) - 1;
    first_span := case when is_single then last_span else last_span >> 4 << 4 end;
    spans := array(select search_span_key(of_kind, list_id, shifts[level], span)
                   from unnest(list_ids) list_id, generate_series(first_span, last_span) span);
    if pattern is null then
      candidates := array(
        select e from search_entries e
        where e.keys && spans
          and e.keys @> needed
        limit most + 1);
    else
      candidates := array(
        select e from search_entries e
        where e.keys && spans
          and e.keys @> needed
          and e.value like pattern and e.value like second_pattern
        limit most + 1);
    end if;
    if cardinality(candidates) > most then
      if first_span < last_span then
        is_single := true;
      elsif level > 1 then
        level := level - 1;
        is_single := false;
      else
        most := 2147483646;
      end if;
      continue;
    end if;
    return query
      select candidate.id, candidate.at from unnest(candidates) candidate
      where candidate.org_id = current_org_id() and candidate.kind = of_kind
        and (candidate.org_id = any(list_ids) or candidate.team_id = any(list_ids))
        and (candidate.at, candidate.id) < (before_at, before_id) and candidate.at >= since
        and (first_span = 0 or candidate.at >= to_timestamp(first_span << shifts[level]))
        and candidate.tags @> wanted_tags
        and not exists (
          select from unnest(words) word
          where case when word ~ '^[a-z0-9]{1,2}$' then candidate.value !~ ('(^|[^a-z0-9])' || word) else strpos(candidate.value, word) = 0 end)
        and case of_kind
          when 'incident' then exists (
            select from incidents i where i.org_id = candidate.org_id and i.id = candidate.id
              and (is_deleted_included or i.deleted_at is null) and i.updated_at >= updated_since
              and (wanted_status is null or i.status = wanted_status)
              and (wanted_priority is null or i.priority = wanted_priority)
              and (wanted_assignee is null or i.assigned_to = wanted_assignee))
          when 'agent_config' then exists (
            select from agent_configs a where a.org_id = candidate.org_id and a.id = candidate.id
              and (is_deleted_included or a.deleted_at is null)
              and (wanted_type is null or a.agent_type = wanted_type)
              and (wanted_activity is null or a.is_active = wanted_activity))
          else exists (
            select from organization_memberships m join users u on u.id = m.user_id
            where m.org_id = candidate.org_id and m.user_id = candidate.id and (is_deleted_included or u.deleted_at is null))
        end;
    get diagnostics passing = row_count;
    found_so_far := found_so_far + passing;
    ending := first_span << shifts[level];
    most := 500;
    while level < 7 and ending & ((1::bigint << shifts[level + 1]) - 1) = 0 loop
      level := level + 1;
      is_single := false;
    end loop;
  end loop;
end
$$;
revoke execute on function search_entries_before(text, uuid[], text[], timestamptz, uuid, integer, jsonb) from public;
grant execute on function search_entries_before(text, uuid[], text[], timestamptz, uuid, integer, jsonb) to brownie_app;

-- The rows are kept by whoever changes what they are of, in the same transaction, and written as their owner.
create function keep_search_entry() returns trigger
  language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  of_kind constant text := tg_argv[0];
  name text;
begin
  if tg_op = 'DELETE' then
    delete from search_entries e where e.org_id = old.org_id and e.kind = of_kind and e.id = old.id;
    return null;
  end if;
  if of_kind = 'incident' then
    name := new.title;
  else
    name := new.name;
  end if;
  insert into search_entries (org_id, kind, id, team_id, at, value, tags)
  values (new.org_id, of_kind, new.id, new.team_id, new.created_at, search_fold(name) || E'\n' || search_fold(new.description), new.tags)
  on conflict on constraint search_entries_pkey do update
    set team_id = excluded.team_id, at = excluded.at, value = excluded.value, tags = excluded.tags;
  return null;
end
$$;

create function search_member_value(email text, username text, full_name text) returns text
  language sql immutable parallel safe
  return search_fold(email) || E'\n' || search_fold(username) || E'\n' || search_fold(full_name);

create function keep_member_search_entry() returns trigger
  language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  scope constant text := current_setting('app.org_id', true);
begin
  if tg_op = 'DELETE' then
    delete from search_entries e where e.org_id = old.org_id and e.kind = 'member' and e.id = old.user_id;
    return null;
  end if;
  -- The owner of this function sees users as members of an organization: of the one that they become a member of.
  perform set_config('app.org_id', new.org_id::text, true);
  insert into search_entries (org_id, kind, id, at, value)
  select new.org_id, 'member', u.id, new.created_at, search_member_value(u.email, u.username, u.full_name)
  from users u where u.id = new.user_id
  on conflict on constraint search_entries_pkey do update set at = excluded.at, value = excluded.value;
  perform set_config('app.org_id', coalesce(scope, ''), true);
  return null;
end
$$;

create function keep_user_search_entries() returns trigger
  language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  update search_entries set value = search_member_value(new.email, new.username, new.full_name)
  where kind = 'member' and id = new.id;
  return null;
end
$$;
