-- Limits of what may be tried so often in a while, counted by all instances together beside the logins, before the work.

-- Takes one of each, all or none: how many seconds to wait until there is one of each, 0 where they were taken. Who asks for several names
-- them in one order always.
create function take_attempts(kinds text[], subjects text[], most integer[], seconds integer[]) returns integer
  language plpgsql set search_path = public, pg_temp
as $$
declare
  counted login_attempts;
  buckets bytea[] := '{}';
  wait integer := 0;
begin
  for i in 1 .. cardinality(kinds) loop
    counted := login_attempts_of(login_bucket(kinds[i], subjects[i], ''), seconds[i] * interval '1 second');
    buckets := buckets || counted.bucket;
    if counted.failures >= most[i] then
      wait := greatest(wait, 1, ceil(extract(epoch from counted.expires_at - clock_timestamp())));
    end if;
  end loop;
  if wait = 0 then
    update login_attempts set failures = failures + 1 where bucket = any(buckets);
  end if;
  return wait;
end
$$;

create function give_attempts_back(kinds text[], subjects text[]) returns void
  language plpgsql set search_path = public, pg_temp
as $$
begin
  for i in 1 .. cardinality(kinds) loop
    update login_attempts set failures = greatest(0, failures - 1) where bucket = login_bucket(kinds[i], subjects[i], '');
  end loop;
end
$$;
