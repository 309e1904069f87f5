import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { brownie, temporaryFolder } from './service-process.ts';

test('an incident is logged from its opening to its post-mortem, however broken the rest is', async () => {
  await using folder = await temporaryFolder();
  const variables = {
    METADATA_INCIDENT_DIR: join(folder.path, 'incidents'),
    METADATA_POSTGRES_POOL_SIZE: 'ten',
    PROMETHEUS_URL: 'http://127.0.0.1:1',
  };
  const incident = (...args: readonly string[]) => brownie(['incident', ...args], variables);

  const opened = await incident('open', 'It does not start', '--json');
  expect([opened.code, opened.stderr]).toEqual([0, '']);
  const { id } = JSON.parse(opened.stdout).incident.opened;
  expect((await incident('note', id, 'somebody wrote ten', '--step', 'assess')).code).toBe(0);
  const shown = await incident('show', id);
  expect(shown.stdout).toContain('[assess] somebody wrote ten');
  expect(shown.stdout).toContain('Level 2, senior engineer, is due at');

  const tried = await incident('close', id, '--dry-run');
  expect(tried.stdout).toContain('configuration.faults');
  expect(await readdir(variables.METADATA_INCIDENT_DIR)).toEqual([`${id}.jsonl`]);
  expect((await incident('close', id, '--cause', 'a word for a number')).code).toBe(0);
  const draft = await readFile(join(variables.METADATA_INCIDENT_DIR, `${id}.md`), 'utf8');
  expect(draft).toContain('a word for a number');

  const again = await incident('close', id);
  expect([again.code, again.stderr]).toEqual([4, expect.stringContaining('is closed already')]);
  const late = await incident('note', id, 'one more', '--step', 'contain');
  expect([late.code, late.stderr]).toEqual([4, expect.stringContaining('post-incident')]);
  expect((await incident('note', id, 'what we learnt', '--step', 'post-incident')).code).toBe(0);
  expect((await incident('list')).stdout).toContain('It does not start');
});

test.each([
  [['show', '20990101-0000'], 1, 'There is no incident'],
  [['note', 'x', 'y', '--step', 'panic'], 2, 'Allowed choices'],
  [['open', 'x', '--since', 'yesterday'], 2, 'a moment with its time zone'],
  [['open', 'x', '--since', '2099-01-01T00:00Z'], 2, 'must not lie in the future'],
])('incident %j ends with %i', async (args, code, words) => {
  const finished = await brownie(['incident', ...args]);
  expect([finished.code, finished.stderr]).toEqual([code, expect.stringContaining(words)]);
});
