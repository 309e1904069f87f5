import type { ErrorCode } from '../../src/platform/errors/catalogue.ts';
import type { Answer } from './attack-client.ts';
import type { Caller } from './cast.ts';
import type { Input } from './input.ts';
import type { Operation } from './oracle.ts';

/** How who may is answered: as the operation says, or by an error that is right all the same. */
export interface Success {
  readonly status: number;
  readonly code?: ErrorCode;
}

/** An operation that is right to refuse who may, in the world of the attack. */
export interface Exception {
  readonly why: string;
  readonly status: number;
  readonly code?: ErrorCode;
  /** Whom it is about; everybody without. */
  readonly standings?: readonly Caller['standing'][];
}

const takesSecret = (status: number, code: ErrorCode): Exception[] => [
  { why: 'its example has no secret that is good: tests of its own show what a good one does', status, code },
];
const noProvider: readonly Exception[] = [
  { why: 'no provider is configured where the attack takes place', status: 501, code: 'oidc.not_configured' },
];
const noSuchProvider: readonly Exception[] = [
  { why: 'there is no provider of that name', status: 404, code: 'oidc.provider_not_found' },
];

const ownProposal: Exception = {
  why: 'it is theirs: somebody else decides',
  status: 403,
  code: 'proposal.own',
  standings: ['organization owner'],
};

const noPasskey: readonly Exception[] = [
  { why: 'it is somebody else’s: a person has their own alone', status: 404, code: 'passkey.not_found' },
];

/** All that answer who may, and asks rightly, otherwise than by doing it. */
export const exceptions: Readonly<Record<string, readonly Exception[]>> = {
  verifyTotp: takesSecret(401, 'auth.mfa_invalid'),
  confirmTotp: takesSecret(409, 'auth.mfa_not_proposed'),
  removeTotp: takesSecret(401, 'auth.mfa_invalid'),
  renewRecoveryCodes: takesSecret(401, 'auth.mfa_invalid'),
  addPasskey: takesSecret(401, 'auth.passkey_invalid'),
  finishPasskeyLogin: takesSecret(401, 'auth.passkey_invalid'),
  renamePasskey: noPasskey,
  removePasskey: noPasskey,
  refresh: takesSecret(401, 'auth.refresh_invalid'),
  resetPassword: takesSecret(410, 'proof.expired'),
  verifyEmail: takesSecret(410, 'proof.expired'),
  acceptInvitation: takesSecret(410, 'invitation.expired'),
  oktaLogin: noProvider,
  oktaCallback: noProvider,
  oidcLogin: noProvider,
  oidcCallback: noProvider,
  providerLogin: noSuchProvider,
  providerCallback: noSuchProvider,
  providerLogout: noSuchProvider,
  approveProposal: [ownProposal],
  rejectProposal: [ownProposal],
  withdrawProposal: [
    {
      why: 'it is the owner’s',
      status: 403,
      code: 'proposal.not_yours',
      standings: ['member', 'team admin', 'organization admin'],
    },
  ],
  scimBulk: [{ why: 'is there to say that it is not there', status: 501 }],
  deleteTeam: [{ why: 'people are in the team', status: 409, code: 'team.not_empty' }],
  switchOrganization: [
    {
      why: 'it names the organization by its body',
      status: 404,
      code: 'organization.not_found',
      standings: ['stranger'],
    },
  ],
  leaveOrganization: [
    {
      why: 'nobody else is an admin of their team',
      status: 400,
      code: 'team.last_admin',
      standings: ['outsider'],
    },
    {
      why: 'nobody else owns the organization',
      status: 400,
      code: 'organization.last_owner',
      standings: ['organization owner'],
    },
    {
      why: 'they are in no other one',
      status: 409,
      code: 'user.last_organization',
      standings: ['viewer', 'member', 'team admin', 'organization admin'],
    },
  ],
};

/** Whether it is the owner, too, whom an operation answers otherwise than by doing it. */
export const isExcepted = (operationId: string): boolean =>
  exceptions[operationId]?.some(({ standings }) => standings?.includes('organization owner') ?? true) ??
  false;

/** What an operation answers who may, in a world as it was made. */
export const successOf = ({ operationId, status }: Operation, { standing }: Caller): Success =>
  exceptions[operationId]?.find(({ standings }) => standings?.includes(standing) ?? true) ?? { status };

/** Errors of 401 and 403 that are about what was sent, or what it was sent to, and not about who may. */
const aboutInput: Readonly<Partial<Record<ErrorCode, string>>> = {
  'auth.invalid_credentials': 'a login is tried with another password',
  'auth.password_wrong': 'the password that is changed is another one',
  'auth.login_required': 'whoever has no password logs in again first',
  'auth.refresh_invalid': 'the refresh token is none',
  'auth.mfa_invalid': 'the code is none',
  'auth.passkey_invalid': 'the passkey is none',
  'proposal.own': 'it is the caller’s own',
  'proposal.not_yours': 'it is another one’s',
  'organization.limit_fixed': 'the body raises a limit, which is the operator’s',
  'organization.inactive': 'the organization was deactivated by what was sent before',
  'team.inactive': 'the team was deactivated by what was sent before',
  'user.field_forbidden': 'the body sets a field that is another’s',
  'api_key.exceeds_creator': 'the key would do more than whoever makes it',
};

/** Operations that refuse who may for whom the body names, in the words of a missing right; and why. */
const aboutSubject: Readonly<Record<string, string>> = {
  transferOrganization: 'the user may be a stranger, or the caller be no owner any more',
};

/** Whether what was sent, and not who sent it, is what was refused. */
export function refusedByInput(
  { operationId }: Operation,
  { query }: Input,
  { standing }: Caller,
  { body }: Pick<Answer, 'body'>,
): boolean {
  const code = String(body?.code);
  // @NOTE options of a read that viewers may use, and its admins or members alone with them.
  const isOption = query['include_deleted'] === true || query['include'] === 'secrets';
  return (
    Object.hasOwn(aboutInput, code) ||
    (code === 'auth.forbidden' &&
      (aboutSubject[operationId] !== undefined || (isOption && standing !== 'organization owner')))
  );
}

/** What must be done before something can be, by the owner. */
export const preparations: Readonly<Record<string, string>> = {
  restoreIncident: 'deleteIncident',
  restoreAgentConfig: 'deleteAgentConfig',
  restoreUser: 'deleteUser',
  restoreConfig: 'deleteConfig',
  deprecateConfig: 'publishConfig',
};
