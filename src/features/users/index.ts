import type { ConstraintErrors } from '../../platform/database/database-errors.ts';

export { joinOrganization } from './leaving.ts';
export { addToTeam, changeTeamRole, emptyTeam, removeFromTeam, requireRoom } from './membership-rules.ts';
export { namingChange } from './naming-change.ts';
export { organizationMemberRoutes } from './organization-member-routes.ts';
export { OrganizationMembers } from './organization-members.ts';
export { type PasswordAttempts, provePassword } from './own-password.ts';
export {
  createMember,
  dropMember,
  isProfileOf,
  readMember,
  rejoinMember,
  setMemberActivity,
  settleProfile,
} from './provisioned-members.ts';
export { isSameAddress } from './same-address.ts';
export { ServiceAccounts } from './service-accounts.ts';
export { userRoutes } from './user-routes.ts';
export {
  Email,
  FullName,
  HomeRole,
  HomeTeamId,
  IsActive,
  IsVerified,
  OrganizationRole,
  Password,
  TeamMemberRecord,
  TeamRole,
  User,
  Username,
} from './user-schemas.ts';
export { toUser, UserService } from './user-service.ts';
export { userStore } from './user-store.ts';

export const userConstraints: ConstraintErrors = {
  idx_users_email: 'user.email_taken',
  users_username_key: 'user.username_taken',
  team_memberships_pkey: 'team.member_exists',
  team_memberships_user_fkey: 'user.other_organization',
  team_memberships_team_fkey: 'team.not_found',
};
