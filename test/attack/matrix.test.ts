import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestApp } from '../harness/app.ts';
import { startAttackedApp } from './attacked-app.ts';
import { runMatrix } from './matrix.ts';
import { oracleOf } from './oracle.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startAttackedApp();
});
afterAll(() => app[Symbol.asyncDispose]());

test('every operation answers every caller as the tables of permissions say, shows nobody what is not theirs, and changes nothing where it refuses', async () => {
  const oracle = oracleOf([...app.app.routes, ...app.app.operatorRoutes]);
  const { calls, leaks, faults } = await runMatrix(app, oracle);
  process.stdout.write(
    `matrix: ${oracle.operations.length} operations, ${calls} calls, ${leaks.length} leaks\n`,
  );
  expect(leaks).toEqual([]);
  expect(faults).toEqual([]);
  expect(calls).toBeGreaterThan(oracle.operations.length * 20);
});
