import type { TestApp } from '../harness/app.ts';
import { createOwnDatabase } from '../harness/own-database.ts';
import { newTenant } from '../harness/tenant.ts';
import { startAttackedApp } from './attacked-app.ts';
import { Ledger } from './ledger.ts';
import { newMarkedWorld } from './marked-world.ts';
import { everyRoute, type Operation, oracleOf } from './oracle.ts';
import type { Ground } from './target.ts';

/** How much is tried, and from which seed: by the environment, which `scripts/attack.ts` fills. */
export interface FuzzOptions {
  readonly seed: number;
  /** Of fast-check: goes straight to one failing case. */
  readonly path: string | undefined;
  /** The only operation to try. */
  readonly operation: string | undefined;
  /** Times the numbers that the tests name; CI takes 0.02, `.ci/run` says so. */
  readonly scale: number;
  /** How long each operation may be tried; undefined for as long as it takes. */
  readonly minutes: number | undefined;
}

export function fuzzOptions(): FuzzOptions {
  const { ATTACK_SEED, ATTACK_PATH, ATTACK_OPERATION, ATTACK_SCALE, ATTACK_MINUTES } = process.env;
  return {
    seed: ATTACK_SEED === undefined ? Date.now() % 2 ** 31 : Number(ATTACK_SEED),
    path: ATTACK_PATH,
    operation: ATTACK_OPERATION,
    scale: Number(ATTACK_SCALE ?? 1),
    minutes: ATTACK_MINUTES === undefined ? undefined : Number(ATTACK_MINUTES),
  };
}

/** A service on a database of its own, whose every write is followed, and whose every line is looked at for secrets. */
export interface Field extends AsyncDisposable, Ground {
  readonly options: FuzzOptions;
  /** The operations to try: all but the operator's, or the one that was asked for. */
  readonly operations: readonly Operation[];
  /** How many the table of routes has, without the operator's. */
  readonly declared: number;
  /** Faults that show once everything was tried. */
  finalFaults(): Promise<readonly string[]>;
}

/** What no line of a log may have in it: tokens, keys, passwords of the attack. */
const secret =
  /Secret of |brw_[0-9A-Za-z]{20}|brf_[0-9A-Za-z]{20}|eyJ[\w-]{20}|correct-horse|a long enough passphrase/;

export async function openField(): Promise<Field> {
  const databases = await createOwnDatabase();
  const told: string[] = [];
  const onLine = (line: string): void => {
    if (secret.test(line)) {
      told.push(`a secret is in the log: ${line.slice(0, 500)}`);
    }
  };
  const app = await startAttackedApp({ onLine, queryObserver: {} }, databases);
  const oracle = oracleOf(everyRoute(app));
  const options = fuzzOptions();
  const ledger = await Ledger.open(app.superuser);
  return {
    app,
    oracle,
    ledger,
    neighbour: await newMarkedWorld(app),
    stranger: await newTenant(app),
    options,
    declared: everyRoute(app).filter(({ permission }) => permission !== 'operator').length,
    operations: oracle.operations.filter(
      ({ least, operationId }) =>
        least !== 'operator' && (options.operation === undefined || options.operation === operationId),
    ),
    finalFaults: async () => [...told, ...(await ledger.faults()), ...heldBack(app)],
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]();
      await databases[Symbol.asyncDispose]();
    },
  };
}

/** Bytes of bodies that are still held when nobody asks any more. */
function heldBack({ app }: TestApp): readonly string[] {
  const { heldBytes } = app.http.bodyBudget;
  return heldBytes === 0 ? [] : [`${heldBytes} bytes of bodies are still held`];
}
