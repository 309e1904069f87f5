// Written by `npm run generate` from the OpenAPI document of the service.
import type { Operation } from '../request.ts';

/** Each operation by its name. */
export const table: Readonly<Record<string, Operation>> = {
  "signup": {
    "method": "POST",
    "path": "/api/v1/auth/signup",
    "takesKey": true
  },
  "login": {
    "method": "POST",
    "path": "/api/v1/auth/login"
  },
  "verifyTotp": {
    "method": "POST",
    "path": "/api/v1/auth/mfa/totp/verify"
  },
  "refresh": {
    "method": "POST",
    "path": "/api/v1/auth/refresh"
  },
  "getMe": {
    "method": "GET",
    "path": "/api/v1/auth/me"
  },
  "whoAmI": {
    "method": "GET",
    "path": "/api/v1/auth/whoami"
  },
  "switchOrganization": {
    "method": "POST",
    "path": "/api/v1/auth/switch"
  },
  "logout": {
    "method": "POST",
    "path": "/api/v1/auth/logout"
  },
  "listSessions": {
    "method": "GET",
    "path": "/api/v1/auth/sessions"
  },
  "endSessions": {
    "method": "DELETE",
    "path": "/api/v1/auth/sessions"
  },
  "endSession": {
    "method": "DELETE",
    "path": "/api/v1/auth/sessions/{session_id}"
  },
  "getUserInfo": {
    "method": "GET",
    "path": "/api/v1/okta/userinfo"
  },
  "getSecondFactor": {
    "method": "GET",
    "path": "/api/v1/auth/mfa"
  },
  "proposeTotp": {
    "method": "POST",
    "path": "/api/v1/auth/mfa/totp"
  },
  "confirmTotp": {
    "method": "POST",
    "path": "/api/v1/auth/mfa/totp/confirm"
  },
  "removeTotp": {
    "method": "POST",
    "path": "/api/v1/auth/mfa/totp/remove"
  },
  "renewRecoveryCodes": {
    "method": "POST",
    "path": "/api/v1/auth/mfa/recovery-codes"
  },
  "proposePasskey": {
    "method": "POST",
    "path": "/api/v1/auth/mfa/passkeys"
  },
  "addPasskey": {
    "method": "POST",
    "path": "/api/v1/auth/mfa/passkeys/confirm"
  },
  "challengePasskey": {
    "method": "POST",
    "path": "/api/v1/auth/mfa/passkeys/challenge"
  },
  "renamePasskey": {
    "method": "PUT",
    "path": "/api/v1/auth/mfa/passkeys/{passkey_id}"
  },
  "removePasskey": {
    "method": "POST",
    "path": "/api/v1/auth/mfa/passkeys/{passkey_id}/remove"
  },
  "beginPasskeyLogin": {
    "method": "POST",
    "path": "/api/v1/auth/passkeys/challenge"
  },
  "finishPasskeyLogin": {
    "method": "POST",
    "path": "/api/v1/auth/passkeys/verify"
  },
  "listProviders": {
    "method": "GET",
    "path": "/api/v1/auth/providers"
  },
  "providerLogin": {
    "method": "GET",
    "path": "/api/v1/auth/providers/{provider}/login"
  },
  "providerCallback": {
    "method": "GET",
    "path": "/api/v1/auth/providers/{provider}/callback"
  },
  "providerLogout": {
    "method": "GET",
    "path": "/api/v1/auth/providers/{provider}/logout"
  },
  "forgotPassword": {
    "method": "POST",
    "path": "/api/v1/auth/password/forgot"
  },
  "resetPassword": {
    "method": "POST",
    "path": "/api/v1/auth/password/reset"
  },
  "sendEmailVerification": {
    "method": "POST",
    "path": "/api/v1/auth/email/verification"
  },
  "verifyEmail": {
    "method": "POST",
    "path": "/api/v1/auth/email/verify"
  },
  "createOrganization": {
    "method": "POST",
    "path": "/api/v1/organizations",
    "takesKey": true
  },
  "listOrganizations": {
    "method": "GET",
    "path": "/api/v1/organizations"
  },
  "getOrganization": {
    "method": "GET",
    "path": "/api/v1/organizations/{org_id}"
  },
  "updateOrganization": {
    "method": "PUT",
    "path": "/api/v1/organizations/{org_id}"
  },
  "createTeam": {
    "method": "POST",
    "path": "/api/v1/organizations/{org_id}/teams",
    "takesKey": true
  },
  "listTeams": {
    "method": "GET",
    "path": "/api/v1/organizations/{org_id}/teams"
  },
  "getTeam": {
    "method": "GET",
    "path": "/api/v1/teams/{team_id}"
  },
  "updateTeam": {
    "method": "PUT",
    "path": "/api/v1/teams/{team_id}"
  },
  "deleteTeam": {
    "method": "DELETE",
    "path": "/api/v1/teams/{team_id}"
  },
  "listTeamMembers": {
    "method": "GET",
    "path": "/api/v1/teams/{team_id}/members"
  },
  "addTeamMember": {
    "method": "POST",
    "path": "/api/v1/teams/{team_id}/members",
    "takesKey": true
  },
  "updateTeamMember": {
    "method": "PUT",
    "path": "/api/v1/teams/{team_id}/members/{user_id}"
  },
  "removeTeamMember": {
    "method": "DELETE",
    "path": "/api/v1/teams/{team_id}/members/{user_id}"
  },
  "setOrganizationRole": {
    "method": "PUT",
    "path": "/api/v1/organizations/{org_id}/members/{user_id}"
  },
  "transferOrganization": {
    "method": "POST",
    "path": "/api/v1/organizations/{org_id}/transfer"
  },
  "leaveOrganization": {
    "method": "POST",
    "path": "/api/v1/organizations/{org_id}/leave"
  },
  "createServiceAccount": {
    "method": "POST",
    "path": "/api/v1/organizations/{org_id}/service-accounts",
    "takesKey": true
  },
  "changePassword": {
    "method": "POST",
    "path": "/api/v1/auth/password"
  },
  "createUser": {
    "method": "POST",
    "path": "/api/v1/organizations/{org_id}/users",
    "takesKey": true
  },
  "listUsers": {
    "method": "GET",
    "path": "/api/v1/organizations/{org_id}/users"
  },
  "getUser": {
    "method": "GET",
    "path": "/api/v1/users/{user_id}"
  },
  "updateUser": {
    "method": "PUT",
    "path": "/api/v1/users/{user_id}"
  },
  "deleteUser": {
    "method": "DELETE",
    "path": "/api/v1/users/{user_id}"
  },
  "restoreUser": {
    "method": "POST",
    "path": "/api/v1/users/{user_id}/restore"
  },
  "createInvitation": {
    "method": "POST",
    "path": "/api/v1/organizations/{org_id}/invitations",
    "takesKey": true
  },
  "listInvitations": {
    "method": "GET",
    "path": "/api/v1/organizations/{org_id}/invitations"
  },
  "getInvitation": {
    "method": "GET",
    "path": "/api/v1/organizations/{org_id}/invitations/{invitation_id}"
  },
  "revokeInvitation": {
    "method": "DELETE",
    "path": "/api/v1/organizations/{org_id}/invitations/{invitation_id}"
  },
  "resendInvitation": {
    "method": "POST",
    "path": "/api/v1/organizations/{org_id}/invitations/{invitation_id}/resend"
  },
  "acceptInvitation": {
    "method": "POST",
    "path": "/api/v1/invitations/accept"
  },
  "createGroupMapping": {
    "method": "POST",
    "path": "/api/v1/organizations/{org_id}/group-mappings",
    "takesKey": true
  },
  "listGroupMappings": {
    "method": "GET",
    "path": "/api/v1/organizations/{org_id}/group-mappings"
  },
  "getGroupMapping": {
    "method": "GET",
    "path": "/api/v1/organizations/{org_id}/group-mappings/{mapping_id}"
  },
  "updateGroupMapping": {
    "method": "PUT",
    "path": "/api/v1/organizations/{org_id}/group-mappings/{mapping_id}"
  },
  "deleteGroupMapping": {
    "method": "DELETE",
    "path": "/api/v1/organizations/{org_id}/group-mappings/{mapping_id}"
  },
  "createIncident": {
    "method": "POST",
    "path": "/api/v1/teams/{team_id}/incidents",
    "takesKey": true
  },
  "listIncidents": {
    "method": "GET",
    "path": "/api/v1/teams/{team_id}/incidents"
  },
  "listOrganizationIncidents": {
    "method": "GET",
    "path": "/api/v1/organizations/{org_id}/incidents"
  },
  "getIncident": {
    "method": "GET",
    "path": "/api/v1/incidents/{incident_id}"
  },
  "updateIncident": {
    "method": "PUT",
    "path": "/api/v1/incidents/{incident_id}"
  },
  "deleteIncident": {
    "method": "DELETE",
    "path": "/api/v1/incidents/{incident_id}"
  },
  "restoreIncident": {
    "method": "POST",
    "path": "/api/v1/incidents/{incident_id}/restore"
  },
  "listIncidentEvents": {
    "method": "GET",
    "path": "/api/v1/incidents/{incident_id}/events"
  },
  "commentIncident": {
    "method": "POST",
    "path": "/api/v1/incidents/{incident_id}/comments",
    "takesKey": true
  },
  "createAgentConfig": {
    "method": "POST",
    "path": "/api/v1/teams/{team_id}/agent-configs",
    "takesKey": true
  },
  "listAgentConfigs": {
    "method": "GET",
    "path": "/api/v1/teams/{team_id}/agent-configs"
  },
  "getAgentConfig": {
    "method": "GET",
    "path": "/api/v1/agent-configs/{config_id}"
  },
  "updateAgentConfig": {
    "method": "PUT",
    "path": "/api/v1/agent-configs/{config_id}"
  },
  "deleteAgentConfig": {
    "method": "DELETE",
    "path": "/api/v1/agent-configs/{config_id}"
  },
  "restoreAgentConfig": {
    "method": "POST",
    "path": "/api/v1/agent-configs/{config_id}/restore"
  },
  "listAgentConfigVersions": {
    "method": "GET",
    "path": "/api/v1/agent-configs/{config_id}/versions"
  },
  "getAgentConfigVersion": {
    "method": "GET",
    "path": "/api/v1/agent-configs/{config_id}/versions/{version}"
  },
  "rollBackAgentConfig": {
    "method": "POST",
    "path": "/api/v1/agent-configs/{config_id}/rollback",
    "takesKey": true
  },
  "createProposal": {
    "method": "POST",
    "path": "/api/v1/agent-configs/{config_id}/proposals",
    "takesKey": true
  },
  "listProposals": {
    "method": "GET",
    "path": "/api/v1/agent-configs/{config_id}/proposals"
  },
  "listOrganizationProposals": {
    "method": "GET",
    "path": "/api/v1/organizations/{org_id}/proposals"
  },
  "getProposal": {
    "method": "GET",
    "path": "/api/v1/proposals/{proposal_id}"
  },
  "approveProposal": {
    "method": "POST",
    "path": "/api/v1/proposals/{proposal_id}/approve",
    "takesKey": true
  },
  "rejectProposal": {
    "method": "POST",
    "path": "/api/v1/proposals/{proposal_id}/reject",
    "takesKey": true
  },
  "withdrawProposal": {
    "method": "POST",
    "path": "/api/v1/proposals/{proposal_id}/withdraw",
    "takesKey": true
  },
  "createConfig": {
    "method": "POST",
    "path": "/api/v1/organizations/{org_id}/configs",
    "takesKey": true
  },
  "listConfigs": {
    "method": "GET",
    "path": "/api/v1/organizations/{org_id}/configs"
  },
  "getConfig": {
    "method": "GET",
    "path": "/api/v1/configs/{configuration_id}"
  },
  "updateConfig": {
    "method": "PUT",
    "path": "/api/v1/configs/{configuration_id}"
  },
  "deleteConfig": {
    "method": "DELETE",
    "path": "/api/v1/configs/{configuration_id}"
  },
  "restoreConfig": {
    "method": "POST",
    "path": "/api/v1/configs/{configuration_id}/restore"
  },
  "publishConfig": {
    "method": "POST",
    "path": "/api/v1/configs/{configuration_id}/publish",
    "takesKey": true
  },
  "deprecateConfig": {
    "method": "POST",
    "path": "/api/v1/configs/{configuration_id}/deprecate",
    "takesKey": true
  },
  "archiveConfig": {
    "method": "POST",
    "path": "/api/v1/configs/{configuration_id}/archive",
    "takesKey": true
  },
  "listConfigVersions": {
    "method": "GET",
    "path": "/api/v1/configs/{configuration_id}/versions"
  },
  "getConfigVersion": {
    "method": "GET",
    "path": "/api/v1/configs/{configuration_id}/versions/{version}"
  },
  "diffConfig": {
    "method": "GET",
    "path": "/api/v1/configs/{configuration_id}/diff"
  },
  "rollBackConfig": {
    "method": "POST",
    "path": "/api/v1/configs/{configuration_id}/rollback",
    "takesKey": true
  },
  "resolveConfigs": {
    "method": "POST",
    "path": "/api/v1/organizations/{org_id}/configs/resolve"
  },
  "getEffectiveConfig": {
    "method": "GET",
    "path": "/api/v1/agent-configs/{config_id}/effective"
  },
  "createStat": {
    "method": "POST",
    "path": "/api/v1/teams/{team_id}/stats",
    "takesKey": true
  },
  "listTeamStats": {
    "method": "GET",
    "path": "/api/v1/teams/{team_id}/stats"
  },
  "listOrganizationStats": {
    "method": "GET",
    "path": "/api/v1/organizations/{org_id}/stats"
  },
  "getStat": {
    "method": "GET",
    "path": "/api/v1/stats/{stats_id}"
  },
  "deleteStat": {
    "method": "DELETE",
    "path": "/api/v1/stats/{stats_id}"
  },
  "createApiKey": {
    "method": "POST",
    "path": "/api/v1/organizations/{org_id}/api-keys"
  },
  "listApiKeys": {
    "method": "GET",
    "path": "/api/v1/organizations/{org_id}/api-keys"
  },
  "getApiKey": {
    "method": "GET",
    "path": "/api/v1/api-keys/{key_id}"
  },
  "updateApiKey": {
    "method": "PATCH",
    "path": "/api/v1/api-keys/{key_id}"
  },
  "revokeApiKey": {
    "method": "DELETE",
    "path": "/api/v1/api-keys/{key_id}"
  },
  "rotateApiKey": {
    "method": "POST",
    "path": "/api/v1/api-keys/{key_id}/rotate"
  },
  "listAuditEvents": {
    "method": "GET",
    "path": "/api/v1/organizations/{org_id}/audit-events"
  },
  "exportAuditEvents": {
    "method": "GET",
    "path": "/api/v1/organizations/{org_id}/audit-events/export",
    "answersLines": true
  },
  "verifyAuditEvents": {
    "method": "GET",
    "path": "/api/v1/organizations/{org_id}/audit-events/verify"
  },
  "getAuditCheckpoint": {
    "method": "GET",
    "path": "/api/v1/organizations/{org_id}/audit-events/checkpoint"
  },
  "getAuditKeys": {
    "method": "GET",
    "path": "/api/v1/audit-keys"
  }
};
