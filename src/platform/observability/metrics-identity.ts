import { Counter, type Registry } from 'prom-client';

/** Why an authentication failed. */
const reasons = ['missing_token', 'invalid_token', 'inactive_user', 'wrong_credentials'] as const;
export type AuthenticationFailureReason = (typeof reasons)[number];

/** Tokens issued, and callers who could not say who they are. */
export function identityMetrics(registry: Registry) {
  const registers = [registry];
  const issued = new Counter({
    name: 'jwt_tokens_issued_total',
    help: 'Access tokens issued by sign-up and login.',
    registers,
  });
  const failures = new Counter({
    name: 'authentication_failures_total',
    help: 'Requests and logins that could not be authenticated, by reason.',
    labelNames: ['reason'],
    registers,
  });
  for (const reason of reasons) {
    failures.inc({ reason }, 0);
  }
  return {
    tokenIssued: (): void => issued.inc(),
    authenticationFailed: (reason: AuthenticationFailureReason): void => failures.inc({ reason }),
  };
}
