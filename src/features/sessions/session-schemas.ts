import { type Static, Type } from 'typebox';
import { exactly, nullable, oneOf, Uuid } from '../../platform/schemas/common-schemas.ts';
import { Name } from '../organizations/index.ts';
import { Email, FullName, Password, TeamRole, Username } from '../users/index.ts';

export const Signup = exactly(
  {
    email: Email,
    password: Password,
    username: Username,
    full_name: Type.Optional(FullName),
    organization_name: Name,
    team_name: Name,
  },
  { title: 'Signup' },
);
export type Signup = Static<typeof Signup>;

/** @NOTE no rules for what is tried: the same words for every wrong pair, and old passwords stay usable. */
export const Login = exactly(
  { email: Type.String({ maxLength: 320 }), password: Type.String({ maxLength: 1_024 }) },
  { title: 'Login' },
);
export type Login = Static<typeof Login>;

export const AccessToken = exactly(
  {
    access_token: Type.String({
      description: 'A JWT, to be sent as `Authorization: Bearer …`.',
      examples: ['eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI…'],
    }),
    token_type: oneOf(['bearer']),
    expires_in: Type.Integer({ description: 'Seconds.', examples: [3600] }),
  },
  { title: 'Access Token' },
);

export const Me = exactly(
  {
    id: Uuid,
    email: Email,
    username: Username,
    full_name: FullName,
    role: TeamRole,
    org_id: Uuid,
    team_id: nullable(Uuid),
    is_active: Type.Boolean(),
    is_verified: Type.Boolean(),
  },
  { title: 'Me' },
);
export type Me = Static<typeof Me>;

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
  { title: 'OIDC Login' },
);

export type OidcLogin = Static<typeof OidcLogin>;

/** @NOTE open: providers add parameters of their own (RFC 6749, 4.1.2: a client ignores those it does not know). */
/** @NOTE open: a login may begin at the provider, which adds parameters of its own (OpenID Connect Core, 4). None is looked at. */
export const ProviderLogin = Type.Object({});

export const ProviderCallback = Type.Object({
  code: Type.Optional(Type.String({ description: 'The code of the provider.' })),
  state: Type.Optional(Type.String({ description: 'As the login began with it.' })),
  iss: Type.Optional(Type.String({ description: 'The issuer, where the provider names it (RFC 9207).' })),
  error: Type.Optional(Type.String({ description: 'Why the provider let nobody in.' })),
});

/** Claims by the names of OpenID Connect Core, 5.1. */
export const UserInfo = exactly(
  {
    sub: Uuid,
    email: Email,
    email_verified: Type.Boolean(),
    preferred_username: Username,
    name: FullName,
    org_id: Uuid,
    roles: Type.Array(TeamRole),
  },
  { title: 'User Info' },
);
export type UserInfo = Static<typeof UserInfo>;
