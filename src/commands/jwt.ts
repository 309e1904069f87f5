import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import type { Config } from '../config/index.ts';
import {
  algorithmOf,
  allKeys,
  changeKeys,
  formatDuration,
  KeyRingError,
  type KeyRow,
  secondsToPromotion,
} from '../platform/auth/key-ring/index.ts';
import { RefusedError } from '../platform/errors/operation-error.ts';
import { insertOperatorEvent, operatorHere } from '../platform/operator-events/index.ts';
import { type KeyChange, keyChanges, tokenSecondsOf } from './jwt-changes.ts';
import type { Outcome } from './outcome.ts';
import { withOwner } from './with-owner.ts';

export interface JwtOptions {
  readonly json?: boolean;
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly yes?: boolean;
}

export type JwtVerb = keyof typeof keyChanges | 'status';

/**
 * Shows or changes the keys that sign access tokens; a change leaves a row in operator_events. Never prints a key. Throws
 * RefusedError where a change is refused.
 */
export async function jwt(verb: JwtVerb, options: JwtOptions): Promise<void> {
  await withOwner(options, (client, config) => outcomeOf(verb, client, config, options));
}

async function outcomeOf(
  verb: JwtVerb,
  client: pg.Client,
  config: Config,
  options: JwtOptions,
): Promise<Outcome> {
  if (verb === 'status') {
    return status(await allKeys(client), config);
  }
  if (verb === 'revoke-all' && !options.yes && !options.dryRun) {
    throw new RefusedError('This logs everybody out, in every organization. Say so with --yes.');
  }
  try {
    if (verb === 'promote' && !options.dryRun) {
      await delay(1000 * (await secondsToPromotion(client)));
    }
    const message = await changeKeys(client, async () => {
      const done: KeyChange = await keyChanges[verb](client, config, options);
      if (options.dryRun) {
        throw new DryRun(done.planned ?? done.message);
      }
      await note(client, done);
      return done.message;
    });
    return {
      exitCode: 0,
      text: `${message}\n`,
      json: { message, keys: (await allKeys(client)).map((row) => shown(row, config)) },
    };
  } catch (error) {
    if (error instanceof DryRun) {
      return {
        exitCode: 0,
        text: `Nothing was changed. It would say: ${error.message}\n`,
        json: { isDryRun: true, message: error.message },
      };
    }
    if (error instanceof KeyRingError) {
      throw new RefusedError(error.message);
    }
    throw error;
  }
}

/** Ends the transaction of a change that was only tried. */
class DryRun extends Error {}

async function note(client: pg.Client, { action, details = {} }: KeyChange): Promise<void> {
  if (action !== undefined) {
    await insertOperatorEvent(client, operatorHere(), action, details);
  }
}

const shown = (row: KeyRow, { jwt: { secret = '', previousSecret } }: Config) => ({
  kid: row.kid,
  algorithm: algorithmOf(row, { current: secret, previous: previousSecret }) ?? null,
  status: row.status,
  stagedAt: row.stagedAt,
  secondsInStatus: Math.round(row.seconds),
  fromConfiguration: row.configuredSecret !== null,
  opensWith: Object.keys(row.wrapped),
});

const advice: Readonly<Record<string, string>> = {
  next: 'accepted; signs after `brownie jwt promote`',
  current: 'signs',
  previous: 'accepted, signs no more',
  retired: 'refused',
};

function status(rows: readonly KeyRow[], config: Config): Outcome {
  const tokenSeconds = tokenSecondsOf(config);
  const keys = rows.map((row) => shown(row, config));
  const lines = keys.map(
    (key) =>
      `${key.kid}  ${(key.algorithm ?? '').padEnd(5)}  ${key.status.padEnd(9)} for ${formatDuration(key.secondsInStatus).padStart(7)}  ${advice[key.status]}` +
      `${key.opensWith.length === 0 ? '' : `; opens with the secret ${key.opensWith.join(' or ')}`}`,
  );
  const none =
    'There is no key yet: the first instance that starts makes its METADATA_JWT_SECRET the first one.';
  return {
    exitCode: 0,
    text: `${lines.length === 0 ? none : lines.join('\n')}\nTokens are valid for ${formatDuration(tokenSeconds)}.\n`,
    json: { keys, tokenSeconds },
  };
}
