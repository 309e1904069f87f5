-- The operator finds an organization by its slug.
--
-- Row-level security binds the owner of the tables as well: who does not know an organization's id could not find it.
-- This is one more door, to the one row whose slug is named for the length of a transaction (app.organization_slug).
-- The service never names one.

create function current_organization_slug() returns text
  language sql stable parallel safe
  return nullif(current_setting('app.organization_slug', true), '');

create policy organizations_read_by_slug on organizations for select using (slug = current_organization_slug());
