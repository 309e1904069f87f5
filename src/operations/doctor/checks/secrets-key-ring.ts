import {
  algorithmOf,
  allKeys,
  isPairAlgorithm,
  type JwtAlgorithm,
  type KeyRow,
} from '../../../platform/auth/key-ring/index.ts';
import { openKey } from '../../../platform/auth/key-ring/key-lifecycle.ts';
import { fingerprintOf } from '../../../platform/auth/key-ring/key-wrapping.ts';
import { type Check, critical, ok, type Verdict, warning } from '../check.ts';
import type { DoctorContext } from '../doctor-context.ts';

const runbook = 'docs/procedures/jwt-keys.md';
const ageDaysMax = 45;
const daySeconds = 86_400;

/** What this configuration knows of secrets; `current` is undefined where none is set and the service has made none. */
interface KnownSecrets {
  readonly current: string | undefined;
  readonly previous?: string | undefined;
}

const secretsOf = ({ config: { jwt } }: DoctorContext): KnownSecrets => ({
  current: jwt.secret,
  previous: jwt.previousSecret,
});
const keysOf = async (context: DoctorContext): Promise<readonly KeyRow[]> =>
  allKeys((await context.service()).sender);

export const secretsKeyRing: Check = {
  id: 'secrets.key-ring',
  runbook,
  look: async (context) => judgeKeyRing(await keysOf(context), secretsOf(context)),
};

/** Whether this configuration's secrets open every key that is not retired, and one of them signs. */
export function judgeKeyRing(keys: readonly KeyRow[], { current, previous }: KnownSecrets): Verdict {
  if (keys.length === 0) {
    return ok('There is no key yet: the first instance that starts makes one');
  }
  const live = keys.filter(({ status }) => status !== 'retired');
  const shut = live.filter((key) => !isOpenedBy(key, [current, previous]));
  if (shut.length > 0) {
    return critical({
      finding:
        'METADATA_JWT_SECRET does not open the keys that sign tokens: the service does not start, or refuses tokens',
      evidence: [
        `the secret here: ${current === undefined ? 'none, neither set nor kept' : fingerprintOf(current)}`,
        ...shut.map(
          ({ kid, status, wrapped }) =>
            `key ${kid} (${status}) opens with ${Object.keys(wrapped).join(' or ') || 'nothing'}`,
        ),
      ],
      remedy:
        'set the secret of that fingerprint in METADATA_JWT_SECRET, or in METADATA_JWT_SECRET_PREVIOUS while it is changed; where it is lost: brownie jwt revoke-all --yes',
    });
  }
  return live.some(({ status }) => status === 'current')
    ? ok(`The secret opens every key (${live.length})`)
    : critical({
        finding: 'No key signs tokens: nobody can log in',
        evidence: live.map(({ kid, status }) => `${kid} is ${status}`),
        remedy: 'brownie jwt revoke-all --yes',
      });
}

const isOpenedBy = (key: KeyRow, secrets: readonly (string | undefined)[]): boolean =>
  secrets.some((secret) => secret !== undefined && openKey(key, { current: secret }) !== undefined);

export const secretsKeyAge: Check = {
  id: 'secrets.key-age',
  runbook,
  look: async (context) => judgeKeyAge(await keysOf(context), ageDaysMax),
};

/** Keys are rotated monthly; half a month is grace. */
export function judgeKeyAge(keys: readonly KeyRow[], daysMax: number): Verdict {
  const current = keys.find(({ status }) => status === 'current');
  if (current === undefined) {
    return ok('There is no key that could be too old');
  }
  const days = Math.floor(current.seconds / daySeconds);
  const finding = `The key that signs tokens, ${current.kid}, has done so for ${days} days`;
  return days <= daysMax
    ? ok(finding)
    : warning({
        finding: `${finding}: it is rotated monthly`,
        remedy: 'brownie jwt stage && brownie jwt promote',
      });
}

export const secretsKeyAlgorithm: Check = {
  id: 'secrets.key-algorithm',
  runbook,
  look: async (context) =>
    judgeKeyAlgorithm(await keysOf(context), secretsOf(context), context.config.jwt.algorithm),
};

/** Whether what signs is what METADATA_JWT_ALGORITHM says: that is of new keys, and takes effect with the next rotation. */
export function judgeKeyAlgorithm(
  keys: readonly KeyRow[],
  { current: secret, previous }: KnownSecrets,
  configured: JwtAlgorithm,
): Verdict {
  const current = keys.find(({ status }) => status === 'current');
  const signs =
    current === undefined || secret === undefined
      ? undefined
      : algorithmOf(current, { current: secret, previous });
  if (current === undefined || signs === undefined) {
    return ok('No key that could be opened signs');
  }
  return signs === (isPairAlgorithm(configured) ? configured : 'HMAC')
    ? ok(`The key that signs is for ${configured}, as METADATA_JWT_ALGORITHM says`)
    : warning({
        finding: `METADATA_JWT_ALGORITHM says ${configured}, and the key that signs tokens, ${current.kid}, is for ${signs}`,
        remedy: 'brownie jwt stage && brownie jwt promote, once every instance has this release',
      });
}

export const secretsPrevious: Check = {
  id: 'secrets.previous',
  runbook,
  look: async (context) => judgePrevious(await keysOf(context), secretsOf(context)),
};

/** Whether METADATA_JWT_SECRET_PREVIOUS is still needed: by a key that only it opens, or that it is. */
export function judgePrevious(keys: readonly KeyRow[], { current, previous }: KnownSecrets): Verdict {
  if (previous === undefined) {
    return ok('METADATA_JWT_SECRET_PREVIOUS is not set');
  }
  const live = keys.filter(({ status }) => status !== 'retired');
  const isNeeded = live.some(
    (key) => key.configuredSecret === fingerprintOf(previous) || !isOpenedBy(key, [current]),
  );
  return isNeeded
    ? ok('METADATA_JWT_SECRET_PREVIOUS is needed: the change of the secret is under way')
    : warning({
        finding:
          'METADATA_JWT_SECRET_PREVIOUS is set, and nothing needs it any more: the change of the secret is done',
        remedy: 'unset METADATA_JWT_SECRET_PREVIOUS, on every instance',
      });
}
