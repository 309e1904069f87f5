import { Counter, Gauge, type Registry } from 'prom-client';

/** Why an authentication failed. */
const reasons = [
  'missing_token',
  'invalid_token',
  'inactive_user',
  'wrong_credentials',
  'sso_rejected',
  'sso_unknown_user',
] as const;
export type AuthenticationFailureReason = (typeof reasons)[number];

/** How old a key is that tokens name. */
const keyStatuses = ['current', 'previous', 'next', 'unknown'] as const;
type KeyStatus = (typeof keyStatuses)[number];

interface KeyInUse {
  readonly kid: string | null;
  readonly status: string;
  /** Seconds since 1970. */
  readonly since: number;
}

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
  const verified = new Counter({
    name: 'jwt_verifications_total',
    help: 'Access tokens looked at, by how old the key is that they name.',
    labelNames: ['key_status'],
    registers,
  });
  for (const status of keyStatuses) {
    verified.inc({ key_status: status }, 0);
  }
  const keyInfo = new Gauge({
    name: 'jwt_key_info',
    help: 'Always 1; its labels say which keys are accepted, and which of them signs.',
    labelNames: ['kid', 'status'],
    registers,
  });
  const signingSince = new Gauge({
    name: 'jwt_signing_key_since_timestamp_seconds',
    help: 'When the key that signs access tokens began to sign.',
    registers,
  });
  for (const reason of reasons) {
    failures.inc({ reason }, 0);
  }
  return {
    tokenIssued: (): void => issued.inc(),
    tokenVerified: (keyStatus: KeyStatus): void => verified.inc({ key_status: keyStatus }),
    keysChanged(keys: readonly KeyInUse[]): void {
      keyInfo.reset();
      for (const { kid, status, since } of keys) {
        keyInfo.set({ kid: kid ?? 'fixed', status }, 1);
        if (status === 'current') {
          signingSince.set(since);
        }
      }
    },
    authenticationFailed: (reason: AuthenticationFailureReason): void => failures.inc({ reason }),
  };
}
