-- What an organization may do to a person ends at its own membership: who belongs to another one, too, is removed, not deleted.

-- When somebody left. The row stays, for what they made names it; policies hide it, so that it is none to any release.
alter table organization_memberships add column removed_at timestamptz(3);

-- app.member_removal is set for the one update that removes: what a statement writes must be visible to it.
alter policy organization_memberships_read on organization_memberships using (
  (org_id = current_org_id() or user_id = current_user_id())
  and (removed_at is null or current_setting('app.member_removal', true) = 'yes')
);
