import { spawnSync } from 'node:child_process';
import { beforeAll, expect, test } from 'vitest';
import { type LogScenario, runLogScenario } from '../acceptance/log-scenario.ts';

let run: LogScenario;
beforeAll(async () => {
  run = await runLogScenario();
});

/** As `docker logs brownie-metadata-api 2>&1 | jq FILTER` prints it, a line each. */
function jq(filter: string): unknown[] {
  const { status, stdout, stderr } = spawnSync('jq', ['--compact-output', filter], {
    input: run.output,
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}

test('jq reads the log of a run with warnings, reloads and a crash, to its last line', () => {
  expect(jq('.level')).toHaveLength(run.output.trimEnd().split('\n').length);
  expect(jq('select(.level == "critical") | .error.message')).toEqual(['nobody catches me']);
});

test('the operations guide’s filter by level finds the errors', () => {
  const errors = jq('select(.level == "error")');
  expect(errors).toMatchObject([
    { message: 'request failed', request_id: 'trace-failed' },
    { logger: 'brownie.access', request_id: 'trace-failed', status_code: 500 },
    { logger: 'brownie.config' },
  ]);
});

test('the operations guide’s filter by user finds what a user did', () => {
  const requests = jq(`select(.user_id == "${run.userId}") | .request_id`);
  expect(requests).toEqual(['trace-ok', 'trace-aborted', 'trace-loud']);
});
