import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Config } from '../config/index.ts';
import {
  allKeys,
  type ConfiguredSecrets,
  changeKeys,
  KeyRingError,
  type KeyRow,
  leewaySeconds,
  promoteKey,
  retirePrevious,
  revokeAll,
  secondsToPromotion,
  stageKey,
} from '../platform/auth/key-ring/index.ts';
import { commandConfig } from './command-config.ts';
import { openMigratedDatabase } from './open-database.ts';
import { type Outcome, report } from './outcome.ts';

export interface JwtOptions {
  readonly json?: boolean;
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly yes?: boolean;
}

type Change = (client: pg.Client, config: Config, options: JwtOptions) => Promise<string>;

const secretsOf = ({ jwt }: Config): ConfiguredSecrets => ({
  current: jwt.secret,
  previous: jwt.previousSecret,
});
const tokenSecondsOf = ({ jwt }: Config): number => jwt.expiresMinutes * 60;

const changes = {
  stage: async (client, config) => {
    const kid = await stageKey(client, secretsOf(config));
    return `The key ${kid} is staged: every instance accepts it within seconds. Let it sign with \`brownie jwt promote\`.`;
  },
  promote: async (client, config) => {
    await promoteKey(client);
    const minutes = Math.ceil((tokenSecondsOf(config) + leewaySeconds) / 60);
    return `The staged key signs from now on. Tokens of the one before are accepted for ${minutes} min more, then it is retired by itself.`;
  },
  retire: async (client, config, { force = false }) => {
    const count = await retirePrevious(client, { tokenSeconds: tokenSecondsOf(config), isForced: force });
    return count === 0
      ? 'There is no key to retire.'
      : 'The previous keys are retired: their tokens are refused.';
  },
  'revoke-all': async (client, config) => {
    const kid = await revokeAll(client, secretsOf(config));
    return `Every token is refused from now on; ${kid} signs new ones. Everybody has to log in again.`;
  },
} as const satisfies Record<string, Change>;

export type JwtVerb = keyof typeof changes | 'status';

/** Shows or changes the keys that sign access tokens. Never prints a key; KeyRingError where a change is refused. */
export async function jwt(verb: JwtVerb, options: JwtOptions): Promise<void> {
  const config = commandConfig();
  await using database = await openMigratedDatabase(config);
  const client = new pg.Client({ connectionString: database.ownerDsn });
  await client.connect();
  try {
    report(await outcomeOf(verb, client, config, options), options);
  } finally {
    await client.end();
  }
}

async function outcomeOf(
  verb: JwtVerb,
  client: pg.Client,
  config: Config,
  options: JwtOptions,
): Promise<Outcome> {
  if (verb === 'status') {
    return status(await allKeys(client), tokenSecondsOf(config));
  }
  if (verb === 'revoke-all' && !options.yes && !options.dryRun) {
    return refusal('This logs everybody out, in every organization. Say so with --yes.');
  }
  try {
    if (verb === 'promote' && !options.dryRun) {
      await delay(1000 * (await secondsToPromotion(client)));
    }
    const message = await changeKeys(client, async () => {
      const done = await changes[verb](client, config, options);
      if (options.dryRun) {
        throw new DryRun(done);
      }
      return done;
    });
    return { exitCode: 0, text: `${message}\n`, json: { message, keys: (await allKeys(client)).map(shown) } };
  } catch (error) {
    if (error instanceof DryRun) {
      return {
        exitCode: 0,
        text: `Nothing was changed. It would say: ${error.message}\n`,
        json: { dryRun: true },
      };
    }
    if (error instanceof KeyRingError) {
      return refusal(error.message);
    }
    throw error;
  }
}

/** Ends the transaction of a change that was only tried. */
class DryRun extends Error {}

const refusal = (message: string): Outcome => ({
  exitCode: 4,
  text: `${message}\n`,
  json: { refused: message },
});

const shown = ({ kid, status: state, stagedAt, seconds, wrapped, configuredSecret }: KeyRow) => ({
  kid,
  status: state,
  stagedAt,
  secondsInStatus: Math.round(seconds),
  fromConfiguration: configuredSecret !== null,
  opensWith: Object.keys(wrapped),
});

const advice: Readonly<Record<string, string>> = {
  next: 'accepted; signs after `brownie jwt promote`',
  current: 'signs',
  previous: 'accepted, signs no more',
  retired: 'refused',
};

function status(rows: readonly KeyRow[], tokenSeconds: number): Outcome {
  const keys = rows.map(shown);
  const lines = keys.map(
    (key) =>
      `${key.kid}  ${key.status.padEnd(9)} for ${duration(key.secondsInStatus).padStart(7)}  ${advice[key.status]}` +
      `${key.opensWith.length === 0 ? '' : `; opens with the secret ${key.opensWith.join(' or ')}`}`,
  );
  const none =
    'There is no key yet: the first instance that starts makes its METADATA_JWT_SECRET the first one.';
  return {
    exitCode: 0,
    text: `${lines.length === 0 ? none : lines.join('\n')}\nTokens are valid for ${duration(tokenSeconds)}.\n`,
    json: { keys, tokenSeconds },
  };
}

const duration = (seconds: number): string =>
  seconds < 120
    ? `${Math.round(seconds)} s`
    : seconds < 7_200
      ? `${Math.round(seconds / 60)} min`
      : seconds < 172_800
        ? `${Math.round(seconds / 3_600)} h`
        : `${Math.round(seconds / 86_400)} d`;
