-- Whose address it is, as somebody proved who could: an organization cannot vouch for a person (docs/adr/0032-what-proves-a-person.md).

-- The address that its holder proved, as it was written then. Another one in `email` is not proved, whichever release wrote it there.
-- `users.is_verified`, which admins could set, is neither read nor written any more.
alter table users add column verified_email text;

-- When a login by this identity ended what stood in the account before: the password and sessions of whoever made it. Null: not yet,
-- for the account was linked by a release that took an admin's word.
alter table user_identities add column settled_at timestamptz(3);

-- An identity is free again once its user is deleted, and leaves the account that another one proves.
create policy user_identities_read_own on user_identities for select using (user_id = current_user_id());
create policy user_identities_delete on user_identities for delete using (org_id = current_org_id() or user_id = current_user_id());
create policy user_identities_update on user_identities for update using (org_id = current_org_id() or user_id = current_user_id());
grant delete, update (settled_at) on user_identities to brownie_app;
