import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Variables } from '../platform/programs/child-options.ts';
import { runBrownie } from '../platform/programs/run-brownie.ts';
import type { Drill, Figure } from './drill.ts';
import { startDrillDatabase } from './harness/drill-database.ts';
import { type Fleet, startFleet } from './harness/fleet.ts';
import { summarize } from './harness/load.ts';
import { algorithmOf, countAccepted, keyOf, openSessions, type Sessions, use } from './harness/sessions.ts';
import { logIn, signUp } from './harness/tenant.ts';

const sessionCount = { full: 500, short: 60 };
const generations = 3;
const revokedWithinSeconds = 5;
const patienceSeconds = 30;

/** Rotates the keys that sign tokens, by command and by changing the secret, while tokens of every age are in use. */
export const jwtRotation: Drill = {
  name: 'jwt-rotation',
  shows:
    'Signing keys change by command and by METADATA_JWT_SECRET, from secrets to key pairs too, and nobody is logged out; retired and revoked tokens are refused everywhere.',
  programs: [],
  async run({ directory, isFull, say }) {
    await using resources = new AsyncDisposableStack();
    const database = resources.use(await startDrillDatabase(directory));
    const before: Variables = {
      ...database.variables,
      METADATA_LOG_LEVEL: 'warning',
      METADATA_DRAIN_SECONDS: '1',
    };
    const fleet = resources.use(await startFleet(directory, before));
    const urls = fleet.instances.map(({ url }) => url);
    const count = isFull ? sessionCount.full : sessionCount.short;
    const sessions = await openSessions({ urls, count });
    resources.defer(() => sessions.stop());
    say(`${count} sessions are logged in`);
    const jwt = (variables: Variables, ...args: string[]) =>
      runBrownie(['jwt', ...args], { variables, directory });
    const share = Math.ceil(count / 10);

    const paired = { ...before, METADATA_JWT_ALGORITHM: 'EdDSA' };
    for (let generation = 1; generation <= generations; generation += 1) {
      const known = keysOf(sessions);
      // @NOTE the last one is a key pair, made while every instance is still told to sign with secrets.
      await jwt(generation === generations ? paired : before, 'stage');
      await sessions.renew(share);
      await jwt(before, 'promote');
      await sessions.renew(share);
      await untilAnotherSigns(sessions, known);
      say(`generation ${generation} signs; ${sessions.requests} requests so far`);
    }

    const known = keysOf(sessions);
    const secret = randomBytes(32).toString('base64');
    const during = {
      ...paired,
      METADATA_JWT_SECRET: secret,
      METADATA_JWT_SECRET_PREVIOUS: before['METADATA_JWT_SECRET'] ?? '',
    };
    await restartOneByOne(fleet, sessions, during);
    await untilAnotherSigns(sessions, known);
    say('the changed secret signs');
    const after = { ...paired, METADATA_JWT_SECRET: secret };
    await restartOneByOne(fleet, sessions, after);
    await sessions.renew(share);
    say('the secret before is gone from every instance');

    const current = keyOf(sessions.tokens.at(-1) ?? '');
    const isCurrent = (token: string): boolean => keyOf(token) === current;
    const retired = sessions.tokens.filter((token) => !isCurrent(token));
    const kept = sessions.tokens.filter(isCurrent);
    const unexpected = () => sessions.failures.filter(({ status }) => status === 401).length;
    await sessions.keep(isCurrent);
    await jwt(after, 'retire', '--force');
    const retiredAfter = await secondsUntilRefused(urls, retired.at(-1) ?? '');
    const retiredAccepted = await countAccepted(urls, retired);
    const keptAccepted = await countAccepted(urls, kept);
    await sessions.stop();
    if (sessions.failures.length > 0) {
      say(summarize(sessions.failures));
    }

    await jwt(after, 'revoke-all', '--yes');
    const revokedAfter = await secondsUntilRefused(urls, kept.at(-1) ?? '');
    const revokedAccepted = await countAccepted(urls, sessions.tokens);
    const user = await signUp(urls[0] ?? '');
    const anew = await Promise.all(urls.map((url) => logIn(url, user)));

    const { requests, failures, tokens } = sessions;
    const figures: readonly Figure[] = [
      { name: 'live sessions', value: count, unit: 'sessions' },
      { name: 'tokens in use, of every age', value: tokens.length, unit: 'tokens', atLeast: count },
      {
        name: 'keys that signed them',
        value: keysOf(sessions).size,
        unit: 'keys',
        atLeast: generations + 2,
      },
      {
        name: 'algorithms that signed them',
        value: new Set(tokens.map(algorithmOf)).size,
        unit: 'algorithms',
        atLeast: 2,
      },
      { name: 'requests with them', value: requests, unit: 'requests', atLeast: count },
      { name: 'unexpected 401', value: unexpected(), unit: 'requests', atMost: 0 },
      { name: 'failed otherwise', value: failures.length - unexpected(), unit: 'requests', atMost: 0 },
      { name: 'retire: first refused everywhere after', value: retiredAfter, unit: 's', atMost: 5 },
      { name: 'retire: tokens of retired keys', value: retired.length, unit: 'tokens', atLeast: count },
      { name: 'retire: of these still accepted', value: retiredAccepted, unit: 'times', atMost: 0 },
      {
        name: 'retire: other tokens refused',
        value: kept.length * urls.length - keptAccepted,
        unit: 'times',
        atMost: 0,
      },
      {
        name: 'revoke-all: refused everywhere after',
        value: revokedAfter,
        unit: 's',
        atMost: revokedWithinSeconds,
      },
      { name: 'revoke-all: tokens still accepted', value: revokedAccepted, unit: 'times', atMost: 0 },
      {
        name: 'revoke-all: new logins accepted everywhere',
        value: await countAccepted(urls, anew),
        unit: 'times',
        atLeast: urls.length ** 2,
      },
    ];
    return figures;
  },
};

const keysOf = ({ tokens }: Sessions): ReadonlySet<string> => new Set(tokens.map(keyOf));

/** Logs in until another key signs than those that are known. Rejects where none does. */
async function untilAnotherSigns(sessions: Sessions, known: ReadonlySet<string>): Promise<void> {
  const deadline = performance.now() + patienceSeconds * 1000;
  while (known.has(keyOf(sessions.tokens.at(-1) ?? ''))) {
    if (performance.now() > deadline) {
      throw new Error(`no other key signs after ${patienceSeconds} s`);
    }
    await sessions.renew(1);
    await delay(100);
  }
}

async function restartOneByOne(fleet: Fleet, sessions: Sessions, variables: Variables): Promise<void> {
  for (const instance of fleet.instances) {
    await sessions.without(instance.url, async () => {
      await instance.end('SIGTERM');
      await instance.launch(variables);
      await instance.ready();
    });
    await sessions.renew(fleet.instances.length);
  }
}

/** Seconds until every instance refuses a token. Not a number where that takes too long. */
async function secondsUntilRefused(urls: readonly string[], token: string): Promise<number> {
  const startedAt = performance.now();
  const seconds = (): number => (performance.now() - startedAt) / 1000;
  while (seconds() < patienceSeconds) {
    const results = await Promise.all(urls.map((url) => use(url, token)));
    if (results.every(({ status }) => status === 401)) {
      return seconds();
    }
    await delay(20);
  }
  return Number.NaN;
}
