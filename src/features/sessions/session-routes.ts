import { publicRoute, type Route, route } from '../../platform/http/route.ts';
import { AccessToken, Login, Me, Signup, UserInfo } from './session-schemas.ts';
import type { SessionService } from './session-service.ts';
import type { SignupService } from './signup-service.ts';

const tag = 'Identity';

export const sessionRoutes = (sessions: SessionService, signups: SignupService): Route[] => [
  publicRoute({
    method: 'POST',
    url: '/auth/signup',
    operationId: 'signup',
    tag,
    summary: 'Create an organization with its first team and its first user',
    permission: 'public',
    body: Signup,
    example: {
      email: 'ada@example.com',
      username: 'ada',
      password: 'correct-horse-battery-staple',
      full_name: 'Ada Lovelace',
      organization_name: 'Acme Operations',
      team_name: 'Platform',
    },
    status: 200,
    reply: AccessToken,
    errors: [
      'user.email_taken',
      'user.username_taken',
      'organization.name_taken',
      'rate.limited',
      'service.overloaded',
    ],
    idempotent: true,
    handle: ({ caller, body }) => signups.signup(caller, body),
  }),
  publicRoute({
    method: 'POST',
    url: '/auth/login',
    operationId: 'login',
    tag,
    summary: 'Exchange e-mail and password for an access token',
    permission: 'public',
    body: Login,
    example: { email: 'ada@example.com', password: 'correct-horse-battery-staple' },
    status: 200,
    reply: AccessToken,
    errors: ['auth.invalid_credentials', 'service.overloaded'],
    changesNothing: true,
    handle: ({ body }) => sessions.login(body),
  }),
  route({
    method: 'GET',
    url: '/auth/me',
    operationId: 'getMe',
    tag,
    summary: 'Read who the token belongs to',
    permission: 'session:read',
    status: 200,
    reply: Me,
    handle: ({ caller }) => sessions.me(caller),
  }),
  route({
    method: 'GET',
    url: '/okta/userinfo',
    operationId: 'getUserInfo',
    tag,
    summary: "Read the caller's claims, as an OpenID Connect provider names them",
    permission: 'session:read',
    status: 200,
    reply: UserInfo,
    handle: ({ caller }) => sessions.userInfo(caller),
  }),
];
