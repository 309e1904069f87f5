-- Domains whose addresses belong to an organization, on the operator's word, and the provider that is believed about them:
-- docs/adr/0049-just-in-time-members.md.

-- The one domain that a transaction may look up before there is a tenant: of an address that logs in.
create function current_login_domain() returns text
  language sql stable parallel safe
  return nullif(current_setting('app.login_domain', true), '');

create table organization_domains (
  org_id uuid not null references organizations (id),
  domain text not null,
  -- Of single sign-on, by its name in the configuration.
  provider text not null,
  created_at timestamptz(3) not null default now(),
  primary key (org_id, domain),
  constraint organization_domains_domain_check check (domain ~ '^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,63}$' and char_length(domain) <= 253),
  constraint organization_domains_provider_check check (provider ~ '^[a-z0-9-]{1,40}$')
);
-- A domain is one organization's.
create unique index organization_domains_domain_idx on organization_domains (domain);

alter table organization_domains enable row level security, force row level security;
create policy organization_domains_read on organization_domains for select using (
  org_id = current_org_id() or domain = current_login_domain()
);
-- For the operator's command, which runs as the owner; the service reads.
create policy organization_domains_insert on organization_domains for insert with check (org_id = current_org_id());
create policy organization_domains_update on organization_domains for update using (org_id = current_org_id());
create policy organization_domains_delete on organization_domains for delete using (org_id = current_org_id());
grant select on organization_domains to brownie_app;
create trigger refuse_in_maintenance before insert or update or delete on organization_domains execute function refuse_in_maintenance();
