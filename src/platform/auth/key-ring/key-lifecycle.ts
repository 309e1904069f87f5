import { OperatorError } from '../../errors/operation-error.ts';
import { formatDuration } from '../../system/wording.ts';
import { isPairAlgorithm, type JwtAlgorithm, newKeyPair, readKeyPair } from './key-pair.ts';
import {
  allKeys,
  forgetSuperseded,
  insertKey,
  type KeyRow,
  liveKeys,
  promoteNext,
  retireKeys,
  type Sender,
  setWrapped,
  supersede,
} from './key-rows.ts';
import { fingerprintOf, kidOf, newKey, newKid, unwrapKey, wrapKey } from './key-wrapping.ts';

/** METADATA_JWT_SECRET, and METADATA_JWT_SECRET_PREVIOUS while it is being changed. */
export interface ConfiguredSecrets {
  readonly current: string;
  readonly previous?: string | undefined;
  /** What new keys are for; a shared secret by default. Keys that there are keep what they are for. */
  readonly algorithm?: JwtAlgorithm | undefined;
}

/** A change of keys that cannot be made, in words that say what to do. */
export class KeyRingError extends OperatorError {
  override readonly name = 'KeyRingError';
}

/** How long every instance needs at most to know of a staged key: ten times as often do they look. */
export const settleSeconds = 10;
/** Tokens are accepted so long after their end: clocks differ. */
export const leewaySeconds = 60;

const all = ({ current, previous }: ConfiguredSecrets): string[] =>
  previous === undefined ? [current] : [current, previous];

/** The key of a row, opened by any of our secrets; undefined where it was encrypted under others. */
export function openKey(
  row: Pick<KeyRow, 'kid' | 'wrapped'>,
  secrets: ConfiguredSecrets,
): string | undefined {
  for (const secret of all(secrets)) {
    const wrapped = row.wrapped[fingerprintOf(secret)];
    const key = wrapped === undefined ? undefined : unwrapKey(wrapped, row.kid, secret);
    if (key !== undefined) {
      return key;
    }
  }
  return undefined;
}

/** What a key is for, where our secrets open it: a pair says it, a shared secret does not. */
export function algorithmOf(
  row: Pick<KeyRow, 'kid' | 'wrapped'>,
  secrets: ConfiguredSecrets,
): string | undefined {
  const key = openKey(row, secrets);
  return key === undefined ? undefined : (readKeyPair(row.kid, key)?.algorithm ?? 'HMAC');
}

/** A key encrypted under each of our secrets, by their fingerprints. */
export const wrapForAll = (key: string, kid: string, secrets: ConfiguredSecrets): Record<string, string> =>
  Object.fromEntries(all(secrets).map((secret) => [fingerprintOf(secret), wrapKey(key, kid, secret)]));

/**
 * What an instance does at its start: the first one makes its secret the first key; one with a changed secret lets every key be
 * opened by it and stages it as the next. Throws KeyRingError where its secrets open none of what the others have.
 */
export async function adoptSecrets(sender: Sender, secrets: ConfiguredSecrets): Promise<void> {
  const rows = await allKeys(sender);
  const live = rows.filter(({ status }) => status !== 'retired');
  if (rows.length === 0) {
    await insertKey(sender, { ...(await keyOfSecret(secrets)), status: 'current' });
    return;
  }
  for (const row of live) {
    const key = openKey(row, secrets);
    if (key === undefined) {
      throw new KeyRingError(
        'METADATA_JWT_SECRET is not the one that the keys in the database are encrypted under: set the earlier one in ' +
          'METADATA_JWT_SECRET_PREVIOUS until the change is done, or, where it is lost, log everybody out with ' +
          '`brownie jwt revoke-all`',
      );
    }
    if (row.wrapped[fingerprintOf(secrets.current)] === undefined) {
      await setWrapped(sender, row.kid, { ...row.wrapped, ...wrapForAll(key, row.kid, secrets) });
    }
  }
  if (secrets.previous !== undefined) {
    await supersede(sender, fingerprintOf(secrets.previous), fingerprintOf(secrets.current));
  }
  const isKnown = rows.some(
    ({ kid, configuredSecret }) =>
      kid === kidOf(secrets.current) || configuredSecret === fingerprintOf(secrets.current),
  );
  const hasNext = live.some(({ status }) => status === 'next');
  if (secrets.previous !== undefined && !isKnown && !hasNext) {
    await insertKey(sender, { ...(await keyOfSecret(secrets)), status: 'next' });
  }
}

/** The key that comes with a secret: the secret itself, or a new pair. */
async function keyOfSecret(secrets: ConfiguredSecrets): Promise<Parameters<typeof insertKey>[1]> {
  const { current, algorithm = 'HS256' } = secrets;
  const { kid, key } = isPairAlgorithm(algorithm)
    ? await newKeyPair(algorithm)
    : { kid: kidOf(current), key: current };
  return {
    kid,
    status: 'next',
    configuredSecret: fingerprintOf(current),
    wrapped: wrapForAll(key, kid, secrets),
  };
}

/** Makes a key that every instance accepts from now on and none uses yet. Throws KeyRingError where there is one. */
export async function stageKey(sender: Sender, secrets: ConfiguredSecrets): Promise<string> {
  const next = (await liveKeys(sender)).find(({ status }) => status === 'next');
  if (next !== undefined) {
    throw new KeyRingError(`The key ${next.kid} is staged already: promote it first (brownie jwt promote)`);
  }
  return await insertNew(sender, secrets, 'next');
}

async function insertNew(
  sender: Sender,
  secrets: ConfiguredSecrets,
  status: 'next' | 'current',
): Promise<string> {
  const { algorithm = 'HS256' } = secrets;
  const { kid, key } = isPairAlgorithm(algorithm)
    ? await newKeyPair(algorithm)
    : { kid: newKid(), key: newKey() };
  await insertKey(sender, { kid, status, configuredSecret: null, wrapped: wrapForAll(key, kid, secrets) });
  return kid;
}

/** Seconds until the staged key may sign. Throws KeyRingError where there is none. */
export async function secondsToPromotion(sender: Sender): Promise<number> {
  const next = (await liveKeys(sender)).find(({ status }) => status === 'next');
  if (next === undefined) {
    throw new KeyRingError('No key is staged: stage one first (brownie jwt stage)');
  }
  return Math.max(0, settleSeconds - next.seconds);
}

/** Lets the staged key sign. Throws KeyRingError where there is none, or where instances may not know it yet. */
export async function promoteKey(sender: Sender): Promise<void> {
  const seconds = await secondsToPromotion(sender);
  if (seconds > 0) {
    throw new KeyRingError(`Instances may not know the staged key yet: wait ${Math.ceil(seconds)} s`);
  }
  await promoteNext(sender);
}

/** Refuses every key but the current one. Throws KeyRingError where tokens of it may still be valid, unless forced. */
export async function retirePrevious(
  sender: Sender,
  { tokenSeconds, isForced }: { readonly tokenSeconds: number; readonly isForced: boolean },
): Promise<number> {
  const young = (await liveKeys(sender)).filter(
    ({ status, seconds }) => status === 'previous' && seconds < tokenSeconds + leewaySeconds,
  );
  const wait = Math.max(0, ...young.map(({ seconds }) => Math.ceil(tokenSeconds + leewaySeconds - seconds)));
  if (wait > 0 && !isForced) {
    throw new KeyRingError(
      `Tokens of ${young.map(({ kid }) => kid).join(', ')} are valid for ${formatDuration(wait)} more: wait, or log their users out with --force`,
    );
  }
  return await retireKeys(sender, ['previous']);
}

/**
 * Refuses every token there is, refresh tokens with them: a new key signs from now on, all others are destroyed, and no session is left. Needs no key to be
 * opened, and the owner of the tables.
 */
export async function revokeAll(sender: Sender, secrets: ConfiguredSecrets): Promise<string> {
  await retireKeys(sender, ['next', 'current', 'previous']);
  await sender.query('delete from sessions');
  return await insertNew(sender, secrets, 'current');
}

/** What comes by itself: a configured secret that every instance knows by now signs; keys without valid tokens are retired; superseded secrets open nothing. */
export async function settle(sender: Sender, tokenSeconds: number): Promise<void> {
  const next = (await liveKeys(sender)).find(({ status }) => status === 'next');
  if (next?.configuredSecret != null && next.seconds >= settleSeconds) {
    await promoteNext(sender);
  }
  await retireKeys(sender, ['previous'], tokenSeconds + leewaySeconds);
  await forgetSuperseded(sender, tokenSeconds + leewaySeconds);
}

/** Whether `settle` has something to do. */
export const isUnsettled = (rows: readonly KeyRow[], tokenSeconds: number): boolean =>
  rows.some(
    ({ status, configuredSecret, seconds }) =>
      (status === 'next' && configuredSecret !== null && seconds >= settleSeconds) ||
      (status === 'previous' && seconds >= tokenSeconds + leewaySeconds),
  );
