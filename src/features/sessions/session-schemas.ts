import { type Static, Type } from 'typebox';
import {
  annotated,
  exactly,
  nullable,
  oneOf,
  Timestamp,
  Uuid,
  withDefault,
} from '../../platform/schemas/common-schemas.ts';
import { exampleIds, OrgId } from '../../platform/schemas/shared-fields.ts';
import { Name } from '../organizations/index.ts';
import { Assertion, Code } from '../second-factor/index.ts';
import {
  Email,
  FullName,
  HomeRole,
  HomeTeamId,
  IsActive,
  IsVerified,
  OrganizationRole,
  Password,
  TeamRole,
  Username,
} from '../users/index.ts';
import { LoginMethod, SessionFactor } from './authentication-methods.ts';

const UserId = annotated(Uuid, { description: 'The id of the user.', examples: [exampleIds.user] });
const HomeOrgId = annotated(OrgId, { description: 'The organization that the token is for.' });

export const Signup = exactly(
  {
    email: Email,
    password: Password,
    username: Username,
    full_name: withDefault(FullName, null),
    organization_name: annotated(Name, {
      description: 'The name of the organization to be made, in any script; unique.',
    }),
    team_name: annotated(Name, {
      description: 'The name of its first team, in any script.',
      examples: ['Platform'],
    }),
  },
  { title: 'Signup', description: 'An organization, its first team and its first user, who is its owner.' },
);
export type Signup = Static<typeof Signup>;

/** @NOTE no rules for what is tried: the same words for every wrong pair, and old passwords stay usable. */
export const Login = exactly(
  {
    email: Type.String({
      maxLength: 320,
      description: 'The e-mail address of the user, in any case.',
      examples: ['ada@example.com'],
    }),
    password: Type.String({
      maxLength: 1_024,
      description: 'Their password.',
      examples: ['correct-horse-battery-staple'],
    }),
  },
  { title: 'Login', description: 'Who wants to log in.' },
);
export type Login = Static<typeof Login>;

const RefreshToken = Type.String({
  maxLength: 1_024,
  examples: ['brf_9XJ0vQ1wYy5hM0uJ2sXb7tRc4eLp9aNd6fGiKoHjVmTq…'],
});

export const AccessToken = exactly(
  {
    access_token: Type.String({
      description: 'A JWT, to be sent as `Authorization: Bearer …`.',
      examples: ['eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI…'],
    }),
    token_type: oneOf(['bearer'], { description: 'The scheme that it is sent with.' }),
    expires_in: Type.Integer({ description: 'Seconds until it expires.', examples: [3600] }),
    refresh_token: annotated(RefreshToken, {
      description: 'What `POST /auth/refresh` takes for the next ones, once. Keep it as you keep a password.',
    }),
    refresh_expires_in: Type.Integer({
      description: 'Seconds until the session is over unless it is gone on with.',
      examples: [604800],
    }),
  },
  { title: 'Access Token', description: 'A token with which a user calls this API, and one for the next.' },
);
export type TokenPair = Static<typeof AccessToken>;

export const Refresh = exactly(
  { refresh_token: annotated(RefreshToken, { description: 'The last one that was given.' }) },
  { title: 'Refresh', description: 'A session to be gone on with.' },
);
export type Refresh = Static<typeof Refresh>;

export const Me = exactly(
  {
    id: UserId,
    email: Email,
    username: Username,
    full_name: FullName,
    role: HomeRole,
    org_id: HomeOrgId,
    team_id: HomeTeamId,
    is_active: IsActive,
    is_verified: IsVerified,
  },
  { title: 'Me', description: 'The user whose token it is.' },
);
export type Me = Static<typeof Me>;

const SessionId = annotated(Uuid, {
  description: 'The id of the session: the claim `sid` of its tokens.',
  examples: [exampleIds.session],
});

export const Session = exactly(
  {
    id: SessionId,
    org_id: annotated(OrgId, { description: 'The organization that its tokens are for.' }),
    method: LoginMethod,
    second_factor: SessionFactor,
    address: nullable(
      Type.String({ description: 'The address that it began from.', examples: ['192.0.2.7'] }),
    ),
    created_at: annotated(Timestamp, { description: 'When it began.' }),
    refreshed_at: nullable(
      annotated(Timestamp, { description: 'When it was gone on with last; null: not yet.' }),
    ),
    expires_at: annotated(Timestamp, {
      description: 'When it ends by itself, unless it is gone on with before.',
    }),
    is_current: Type.Boolean({ description: 'Whether it is the one that this request belongs to.' }),
  },
  { title: 'Session', description: 'A login that is not over.' },
);

export const SessionList = exactly(
  { items: Type.Array(Session, { description: 'The latest first.' }) },
  { title: 'Session List', description: 'The logins of the caller that are not over.' },
);
export type SessionList = Static<typeof SessionList>;

export const SessionPath = exactly({ session_id: SessionId });

export const OidcLogin = exactly(
  {
    authorization_url: Type.String({
      description: 'The page of the provider to open.',
      examples: ['https://acme.okta.com/oauth2/v1/authorize?response_type=code&state=Zk8…'],
    }),
    state: Type.String({
      description: 'Comes back with the callback; compare it there.',
      examples: ['Zk8vQ1wYy5hM0uJ2sXb7tRc4eLp9aNd6fGiKoHjVmTq'],
    }),
  },
  { title: 'OIDC Login', description: 'How to go on with a login through a provider.' },
);

export type OidcLogin = Static<typeof OidcLogin>;

export const ProviderLogout = exactly(
  {
    logout_url: Type.String({
      description: 'The page of the provider to open.',
      examples: ['https://acme.okta.com/oauth2/v1/logout?client_id=0oa1b2c3d4E5F6g7h8i9'],
    }),
  },
  { title: 'Provider Logout', description: 'How to end the session with a provider.' },
);
export type ProviderLogout = Static<typeof ProviderLogout>;

/** @NOTE open: providers add parameters of their own (RFC 6749, 4.1.2: a client ignores those it does not know). */
/** @NOTE open: a login may begin at the provider, which adds parameters of its own (OpenID Connect Core, 4). None is looked at. */
export const ProviderLogin = Type.Object({});

const ProviderName = Type.String({
  minLength: 1,
  maxLength: 40,
  description: 'A provider of single sign-on, by the name that the operator gave it.',
  examples: ['entra'],
});
export const ProviderPath = exactly({ provider: ProviderName });
export const ProviderList = exactly(
  {
    items: Type.Array(exactly({ name: ProviderName }), {
      description: 'In the order of the configuration; the first is the one of the routes that name none.',
    }),
  },
  { title: 'Provider List', description: 'The providers that people can log in with.' },
);
export type ProviderList = Static<typeof ProviderList>;

export const ProviderCallback = Type.Object({
  code: Type.Optional(Type.String({ description: 'The code of the provider.' })),
  state: Type.Optional(Type.String({ description: 'As the login began with it.' })),
  iss: Type.Optional(Type.String({ description: 'The issuer, where the provider names it (RFC 9207).' })),
  error: Type.Optional(Type.String({ description: 'Why the provider let nobody in.' })),
});

const MfaToken = Type.String({
  maxLength: 1_024,
  description: 'As the login answered it, five minutes ago at most.',
  examples: ['Zk8vQ1wYy5hM0uJ2sXb7tRc4eLp9aNd6fGiKoHjVmTq'],
});

export const SecondStepProof = exactly(
  {
    mfa_token: MfaToken,
    code: Code,
  },
  { title: 'Second Step Proof', description: 'The second factor of a login.' },
);
export type SecondStepProof = Static<typeof SecondStepProof>;

export const PasskeyChallenge = exactly(
  { mfa_token: Type.Optional(MfaToken) },
  { title: 'Passkey Challenge', description: 'What a passkey is asked for.' },
);
export type PasskeyChallenge = Static<typeof PasskeyChallenge>;

export const PasskeyProof = exactly(
  { mfa_token: Type.Optional(MfaToken), passkey: Assertion },
  { title: 'Passkey Proof', description: 'What a passkey signed.' },
);
export type PasskeyProof = Static<typeof PasskeyProof>;

export const Switch = exactly(
  { organization_id: annotated(OrgId, { description: 'Where to go on.' }) },
  { title: 'Switch', description: 'Another organization of the caller.' },
);
export type Switch = Static<typeof Switch>;

export const WhoAmI = exactly(
  {
    user_id: annotated(UserId, { description: 'Who calls, or for whom the API key acts.' }),
    email: Email,
    username: Username,
    org_id: annotated(OrgId, { description: 'The organization that the token, or the key, is for.' }),
    session_id: nullable(SessionId),
    api_key_id: nullable(
      annotated(Uuid, {
        description: 'The API key that this call is made with; null for a token.',
        examples: [exampleIds.apiKey],
      }),
    ),
    organizations: Type.Array(
      exactly({
        id: annotated(OrgId, { description: 'An organization that the caller belongs to.' }),
        role: annotated(OrganizationRole, { description: 'Their role in it.' }),
      }),
      { description: 'Where the caller belongs, as far as the key reaches.' },
    ),
    teams: Type.Array(
      exactly({
        id: annotated(Uuid, { description: 'A team that the caller is in.', examples: [exampleIds.team] }),
        org_id: annotated(OrgId, { description: 'The organization that it belongs to.' }),
        role: TeamRole,
      }),
      {
        description:
          'The teams that the caller is in. Owners and admins of an organization are admins in all others of it, too.',
      },
    ),
    scopes: Type.Array(Type.String({ examples: ['incidents:read'] }), {
      description: 'What the caller may somewhere in the organization of the token, as API keys name it.',
    }),
  },
  { title: 'Who Am I', description: 'Who calls, and what they may at this moment.' },
);
export type WhoAmI = Static<typeof WhoAmI>;

/** Claims by the names of OpenID Connect Core, 5.1. */
export const UserInfo = exactly(
  {
    sub: UserId,
    email: Email,
    email_verified: IsVerified,
    preferred_username: Username,
    name: FullName,
    org_id: HomeOrgId,
    roles: Type.Array(TeamRole, {
      description: 'One role: the one in the home team, `admin` for owners and admins of the organization.',
    }),
  },
  { title: 'User Info', description: 'The user whose token it is, by the names of OpenID Connect.' },
);
export type UserInfo = Static<typeof UserInfo>;
