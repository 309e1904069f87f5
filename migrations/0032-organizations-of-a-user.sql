-- How many organizations a user may own; null: as many as METADATA_ORGANIZATIONS_PER_USER says. The operator sets it: `brownie user-limits`.
alter table users add column max_organizations integer constraint users_max_organizations_check check (max_organizations >= 0);
