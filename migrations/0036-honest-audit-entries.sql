-- What the service writes into the audit trail is of the transaction that writes it: its organization, its user, its time. Whoever holds the
-- service's login forges no entry of somebody else, of the operator or of yesterday. Nobody waits for it.

drop policy audit_events_insert on audit_events;
create policy audit_events_insert on audit_events for insert to brownie_app with check (
  org_id = current_org_id()
  and actor_type = 'user'
  and actor_id = current_user_id()
  and occurred_at >= date_trunc('milliseconds', now())
);
-- The operator's commands work as the owner of the tables.
create policy audit_events_insert_operator on audit_events for insert to current_user with check (org_id = current_org_id());
