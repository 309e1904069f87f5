/**
 * Every error that the API gives: its code (stable, what clients branch on), HTTP status and public sentence.
 * What went wrong inside stays in the log; a sentence here names nothing that another tenant owns.
 */
const entries = {
  'auth.unauthenticated': [401, 'Could not validate credentials'],
  'auth.invalid_credentials': [401, 'Incorrect email or password'],
  'auth.forbidden': [403, 'Your role does not allow this'],
  'auth.origin_forbidden': [
    403,
    'Pages of this origin may not call it; METADATA_CORS_ORIGINS lists those that may',
  ],
  'auth.scope_missing': [403, 'The API key does not have the scope that this takes'],
  'auth.key_required': [403, 'This takes an API key with the scope scim:write, not a login'],
  'auth.person_required': [403, 'This takes a person who has logged in, not an API key'],
  'auth.throttled': [429, 'Too many failed attempts; wait before you try again'],
  'auth.password_wrong': [401, 'The current password is wrong'],
  'auth.login_required': [401, 'Log in again, and do this within ten minutes'],
  'auth.refresh_invalid': [401, 'The refresh token is good for nothing: log in again'],
  'auth.refresh_reused': [
    401,
    'The refresh token was used before, so somebody else may have it: the session is over; log in again',
  ],
  'proof.expired': [410, 'The token is good no more: it has expired or was used; ask for another mail'],
  'auth.mfa_required': [
    401,
    'The login takes a second factor: give its code with mfa_token to /auth/mfa/totp/verify, or a passkey to /auth/passkeys/verify',
  ],
  'auth.mfa_invalid': [401, 'The second factor is wrong or was used before, or the login took too long'],
  'auth.mfa_enrolment_required': [
    403,
    'The organization asks for a second factor: add one by /auth/mfa/totp or /auth/mfa/passkeys; a single sign-on may count as one',
  ],
  'auth.mfa_already_added': [409, 'There is a second factor already; remove it first'],
  'auth.mfa_not_proposed': [409, 'There is no second factor to be confirmed; begin by /auth/mfa/totp'],
  'auth.passkey_invalid': [401, 'The passkey does not prove who you are, or it took too long; begin again'],
  'auth.passkeys_not_configured': [
    501,
    'Passkeys are not configured on this service: METADATA_PASSKEY_ORIGIN is not set',
  ],
  'passkey.not_found': [404, 'Passkey not found'],
  'passkey.taken': [409, 'This passkey was added before'],
  'passkey.too_many': [409, 'There are 20 passkeys already; remove one first'],
  'session.not_found': [404, 'Session not found'],
  'rate.limited': [429, 'Too many requests; wait before you try again'],
  'oidc.login_failed': [401, 'Single sign-on did not succeed; begin it again, or ask an administrator'],
  'oidc.unavailable': [503, 'The provider of single sign-on does not answer as it should; retry in a moment'],
  'oidc.provider_not_found': [404, 'There is no provider of this name'],
  'oidc.logout_unsupported': [
    501,
    'This provider has no page that ends its session; log out there by its own means',
  ],
  'oidc.not_configured': [501, 'Single sign-on is not configured on this service'],

  'request.invalid': [422, 'The request does not validate'],
  'request.path_mismatch': [422, 'An id in the body differs from the id in the path'],
  'request.malformed': [400, 'The request could not be read'],
  'request.too_large': [413, 'The request body is larger than this service accepts (1 MiB)'],
  'request.unsupported_media_type': [415, 'The request body must be application/json'],
  'request.method_not_allowed': [405, 'This method is not allowed here; see the Allow header'],
  'request.uri_too_long': [414, 'The request target, or a part of it, is longer than this service accepts'],
  'request.headers_too_large': [
    431,
    'The headers of the request are larger than this service accepts (16 KiB)',
  ],
  'request.expectation_failed': [417, 'This service meets no expectation but 100-continue'],
  'request.timeout': [408, 'The request took too long to arrive'],
  'route.not_found': [404, 'There is nothing at this path'],

  'proposal.not_found': [404, 'Proposal not found'],
  'proposal.decided': [409, 'The proposal has been decided already'],
  'proposal.expired': [409, 'The proposal has expired; make it anew, if it is still right'],
  'proposal.stale': [
    409,
    'The configuration has changed since; make the proposal anew for its version of today',
  ],
  'proposal.own': [403, 'Somebody else decides: neither who proposed it, nor who made the key that did'],
  'proposal.not_yours': [403, 'Only who proposed it withdraws it'],
  'proposal.changes_nothing': [409, 'The configuration says so already'],
  'proposal.too_many': [409, 'There are too many open proposals for the configuration; decide some first'],
  'precondition.stale': [412, 'The resource has changed since the version you hold; read it again and retry'],
  'idempotency.payload_mismatch': [422, 'This Idempotency-Key was used before with another request'],
  'idempotency.in_progress': [409, 'A request with this Idempotency-Key is still running; retry in a moment'],

  'organization.not_found': [404, 'Organization not found'],
  'organization.name_taken': [400, 'An organization with this name already exists'],
  'organization.slug_taken': [400, 'An organization with this slug already exists'],
  'organization.inactive': [403, 'The organization is not active; nothing can be changed in it'],
  'organization.limit_fixed': [403, 'Limits are raised by the operator of this service only'],
  'organization.team_limit_reached': [
    409,
    'The organization has reached its limit of teams; delete one, or ask the operator of this service to raise it',
  ],
  'organization.user_limit_reached': [
    409,
    'The organization has as many users as all its teams can hold; delete some, or ask the operator of this service to raise its limits',
  ],
  'organization.api_key_limit_reached': [
    409,
    'The organization has reached its limit of API keys; revoke those that nobody needs',
  ],
  'organization.invitation_limit_reached': [
    409,
    'The organization has as many open invitations as it may; revoke those that nobody will accept',
  ],
  'organization.group_mapping_limit_reached': [
    409,
    'The organization has as many group mappings as it may; delete those that nobody needs',
  ],
  'organization.scim_group_limit_reached': [
    409,
    'The organization has as many groups of its directory as it may',
  ],
  'organization.config_limit_reached': [
    409,
    'The organization has as many configurations as it may, or they say as much as they may in all; delete or archive some',
  ],
  'organization.last_owner': [
    400,
    'The last owner of an organization can neither leave nor be demoted, deleted or deactivated',
  ],

  'team.not_found': [404, 'Team not found'],
  'team.inactive': [403, 'The team is not active; nothing can be changed in it'],
  'team.name_taken': [400, 'A team with this name already exists in the organization'],
  'team.slug_taken': [400, 'A team with this slug already exists in the organization'],
  'team.not_empty': [
    409,
    'The team has incidents, agent configurations, configurations or stats, of which the deleted count, too; set is_active to false to retire it',
  ],
  'team.last_admin': [400, 'The last admin of a team can be neither removed nor demoted'],
  'team.user_limit_reached': [
    409,
    'The team has reached its limit of users; remove some, or ask the operator of this service to raise it',
  ],
  'team.member_exists': [400, 'The user already exists as a member of this team'],
  'team.member_not_found': [404, 'Team member not found'],

  'user.not_found': [404, 'User not found'],
  'user.email_taken': [400, 'A user with this email already exists'],
  'user.username_taken': [400, 'A user with this username already exists'],
  'user.field_forbidden': [403, 'Your role may not set this field'],
  'user.other_organization': [400, 'The user does not belong to this organization'],
  'user.organization_limit_reached': [
    409,
    'You own as many organizations as you may; ask the operator of this service for more',
  ],
  'user.last_organization': [
    409,
    'You belong to no other organization; found or join one first, or have an admin delete you',
  ],
  'user.already_verified': [409, 'The e-mail address is proved already'],
  'user.erased': [409, 'What told who the user was has been erased; invite the person anew'],
  'user.not_deleted': [409, 'The user is not deleted'],

  'invitation.not_found': [404, 'Invitation not found'],
  'invitation.expired': [
    410,
    'The invitation is good no more: it has expired, was revoked or accepted; ask for another one',
  ],
  'invitation.over': [409, 'The invitation is over: revoked or accepted; make another one'],
  'invitation.already_open': [409, 'This address has an open invitation; send it again, or revoke it'],
  'invitation.account_inactive': [
    409,
    'The account with this address cannot join as it is: it is deactivated, or was changed just now',
  ],

  'group_mapping.not_found': [404, 'Group mapping not found'],
  'group_mapping.exists': [409, 'This group has a role in this team already; change that mapping'],

  'incident.not_found': [404, 'Incident not found'],
  'incident.idempotency_conflict': [409, 'This idempotency_key belongs to an incident that you may not read'],
  'incident.idempotency_key_reused': [
    409,
    'Another incident was made with the idempotency_key of this one since it was deleted; delete that one first',
  ],
  'incident.assignee_invalid': [422, 'assigned_to must be an active user of this organization'],
  'incident.not_deleted': [409, 'The incident is not deleted'],

  'api_key.not_found': [404, 'API key not found'],
  'api_key.exceeds_creator': [403, 'An API key may do no more than whoever makes it'],
  'api_key.over': [409, 'The API key is over: revoked, expired, or ended with its user'],

  'agent_config.not_found': [404, 'Agent configuration not found'],
  'agent_config.name_taken': [400, 'An agent configuration with this name already exists in the team'],
  'agent_config.version_not_found': [404, 'Agent configuration version not found'],
  'agent_config.already_current': [409, 'The configuration is the same as that version already'],
  'agent_config.not_deleted': [409, 'The agent configuration is not deleted'],
  'agent_config.too_large_to_explain': [
    409,
    'The agent configuration has too many values under too long names to be explained: make it smaller',
  ],

  'config.not_found': [404, 'Configuration not found'],
  'config.exists': [409, 'A configuration with this name already exists in the organization'],
  'config.version_not_found': [404, 'Configuration version not found'],
  'config.already_current': [409, 'The configuration says the same as that version already'],
  'config.not_deleted': [409, 'The configuration is not deleted'],
  'config.not_draft': [409, 'The configuration is no draft'],
  'config.not_active': [409, 'The configuration is not active'],
  'config.archived': [409, 'The configuration is archived; make another one'],
  'config.versions_full': [409, 'The configuration was changed as often as one may be; make another one'],
  'config.layer_mismatch': [
    422,
    'The layer team takes a team_id, the layer alert a match, and the others neither',
  ],
  'config.pattern_invalid': [422, 'A pattern is none that this service takes'],

  'stats.not_found': [404, 'Stats not found'],

  'scim.uniqueness': [409, 'There is one with this name already'],
  'scim.address_known': [
    409,
    'Somebody with this e-mail address has an account here already; invite them into the organization: once they have joined, they are found by it',
  ],
  'scim.invalid_filter': [400, 'The filter cannot be read; eq, and, or are taken'],
  'scim.invalid_path': [400, 'The path of an operation names nothing that is kept here'],
  'scim.no_target': [400, 'The path of an operation leads to nothing'],
  'scim.invalid_syntax': [400, 'The body is not what this takes'],
  'scim.invalid_value': [400, 'A value is missing, or is not one that the attribute takes'],
  'scim.mutability': [400, 'The attribute is read-only'],
  'scim.too_many': [400, 'These are too many members to show; ask with excludedAttributes=members'],
  'scim_group.not_found': [404, 'Group not found'],
  'scim.not_supported': [
    501,
    'This service does not support this part of SCIM; see /scim/v2/ServiceProviderConfig',
  ],

  'resource.history_full': [
    409,
    'It was changed so often with so much that its history takes 64 MiB: only small changes are taken; make another one',
  ],

  'service.maintenance': [503, 'The service is in maintenance: changes are refused for now, reads go on'],
  'service.overloaded': [503, 'The service has more to do than it can; retry in a moment'],
  'service.unavailable': [503, 'The service cannot answer just now; retry in a moment'],
  'service.internal': [500, 'Something went wrong on our side; quote the request id when you report it'],
} as const satisfies Record<string, readonly [status: number, detail: string]>;

/** A stable, dotted error code. */
export type ErrorCode = keyof typeof entries;

/** Code, HTTP status and public sentence of each error. */
export const errorCatalogue: Readonly<Record<ErrorCode, readonly [status: number, detail: string]>> = entries;

/** True where `value` names an error of the catalogue. */
export const isErrorCode = (value: string): value is ErrorCode => Object.hasOwn(entries, value);
