import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestApp } from '../harness/app.ts';
import { createOwnDatabase, type OwnDatabase } from '../harness/own-database.ts';
import { startAttackedApp } from './attacked-app.ts';
import { runMatrix } from './matrix.ts';
import { everyRoute, oracleOf } from './oracle.ts';
import { exceptions, preparations } from './success.ts';

let databases: OwnDatabase;
let app: TestApp;

beforeAll(async () => {
  databases = await createOwnDatabase();
  app = await startAttackedApp({}, databases);
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await databases[Symbol.asyncDispose]();
});

test('every operation answers every caller as the tables of permissions say, shows nobody what is not theirs, and changes nothing where it refuses or reads', async () => {
  const oracle = oracleOf(everyRoute(app));
  const { operations, callers, calls, allowed, leaks, faults } = await runMatrix(app, oracle);
  process.stdout.write(
    `matrix: ${operations} operations by ${callers} callers, ${calls} calls, ${allowed} of them allowed, ${leaks.length} leaks\n`,
  );
  expect(leaks).toEqual([]);
  expect(faults).toEqual([]);
  // @NOTE counted where they were sent, and held against the table of routes: nothing is left out without being missed.
  expect(operations).toBe(everyRoute(app).length);
  const ids = everyRoute(app).map(({ operationId }) => operationId);
  const named = [...Object.keys(exceptions), ...Object.entries(preparations).flat()];
  expect(named.filter((id) => !ids.includes(id))).toEqual([]);
  expect(calls).toBe(operations * callers);
});
