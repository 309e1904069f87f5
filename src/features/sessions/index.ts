export { LoginAttempts } from './login-attempts.ts';
export { oidcRoutes } from './oidc-routes.ts';
export { type OidcProviderOptions, OidcService } from './oidc-service.ts';
export { RefreshService } from './refresh-service.ts';
export { type SessionLimits, sessionLifetimes } from './refresh-store.ts';
export { sessionRoutes } from './session-routes.ts';
export { SessionService } from './session-service.ts';
export { type SignupLimitOptions, SignupLimits } from './signup-limits.ts';
export { SignupService } from './signup-service.ts';
