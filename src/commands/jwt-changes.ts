import type pg from 'pg';
import type { Config } from '../config/index.ts';
import {
  allKeys,
  type ConfiguredSecrets,
  formatDuration,
  type KeyRow,
  leewaySeconds,
  promoteKey,
  retirePrevious,
  revokeAll,
  stageKey,
} from '../platform/auth/key-ring/index.ts';
import type { OperatorAction } from '../platform/operator-events/index.ts';
import { requiredSecret } from './command-config.ts';

/** What a verb did; without an action, there was nothing to do. */
export interface KeyChange {
  readonly action?: OperatorAction;
  readonly message: string;
  /** What to say where it was only tried, and `message` names a key that is not kept. */
  readonly planned?: string;
  readonly details?: object;
}
type Change = (
  client: pg.Client,
  config: Config,
  options: { readonly force?: boolean },
) => Promise<KeyChange>;

const secretsOf = (config: Config): ConfiguredSecrets => ({
  current: requiredSecret(config),
  previous: config.jwt.previousSecret,
  algorithm: config.jwt.algorithm,
});
/** How long a token is valid, in seconds. */
export const tokenSecondsOf = ({ jwt }: Config): number => jwt.expiresMinutes * 60;

/** The verbs that change keys, each within the transaction of its caller. Throw KeyRingError where one cannot be made. */
export const keyChanges = {
  stage: async (client, config) => {
    const kid = await stageKey(client, secretsOf(config));
    return {
      action: 'keys.staged',
      details: { kid },
      planned: 'A new key is staged: every instance accepts it within seconds.',
      message: `The key ${kid} is staged: every instance accepts it within seconds. Let it sign with \`brownie jwt promote\`.`,
    };
  },
  promote: async (client, config) => {
    const keys = await allKeys(client);
    const kidOf = (status: KeyRow['status']) => keys.find((key) => key.status === status)?.kid;
    const [kid, before] = [kidOf('next'), kidOf('current')];
    await promoteKey(client);
    const left = formatDuration(tokenSecondsOf(config) + leewaySeconds);
    return {
      action: 'keys.promoted',
      details: { kid, before: before ?? null },
      message:
        before === undefined
          ? `The key ${kid} signs from now on; there was none before it.`
          : `The key ${kid} signs from now on. Tokens of ${before} are accepted for ${left} more, then it is retired by itself.`,
    };
  },
  retire: async (client, config, { force = false }) => {
    const count = await retirePrevious(client, { tokenSeconds: tokenSecondsOf(config), isForced: force });
    return count === 0
      ? { message: 'There is no key to retire.' }
      : {
          action: 'keys.retired',
          details: { count, is_forced: force },
          message: 'The previous keys are retired: their tokens are refused.',
        };
  },
  'revoke-all': async (client, config) => {
    const kid = await revokeAll(client, secretsOf(config));
    return {
      action: 'keys.revoked',
      details: { kid },
      planned: 'Every token is refused; a new key signs. Everybody has to log in again.',
      message: `Every token is refused from now on; ${kid} signs new ones. Everybody has to log in again.`,
    };
  },
} as const satisfies Record<string, Change>;
