import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { brownie, temporaryFolder } from './service-process.ts';

test('an incident is logged from its opening to its post-mortem, however broken the rest is', async () => {
  await using folder = await temporaryFolder();
  const variables = {
    METADATA_INCIDENT_DIR: join(folder.path, 'incidents'),
    METADATA_POSTGRES_POOL_SIZE: 'ten',
    PROMETHEUS_URL: 'http://127.0.0.1:1',
    METADATA_SENIOR_TELEPHONE: '+49 30 901821',
  };
  const incident = (...args: readonly string[]) => brownie(['incident', ...args], variables);

  const opened = await incident('open', 'It does not start', '--json');
  expect([opened.code, opened.stderr]).toEqual([0, '']);
  const { id } = JSON.parse(opened.stdout).incident.opened;
  const noted = await incident('note', id, 'somebody wrote ten', '--step', 'assess');
  expect([noted.code, noted.stdout]).toEqual([
    0,
    expect.stringMatching(
      /^Noted at the step assess of .* Level 2, senior engineer, \+49 30 901821, is due at .*\n$/,
    ),
  ]);
  const shown = await incident('show', id);
  expect(shown.stdout).toContain('[assess] somebody wrote ten');
  expect(shown.stdout).toContain('Level 2, senior engineer, +49 30 901821, is due at');

  const tried = await incident('close', id, '--dry-run');
  expect(tried.stdout).toContain('configuration.faults');
  expect(await readdir(variables.METADATA_INCIDENT_DIR)).toEqual([`${id}.jsonl`]);
  const closed = await incident('close', id, '--cause', 'a word for a number');
  const path = join(variables.METADATA_INCIDENT_DIR, `${id}.md`);
  expect([closed.code, closed.stdout]).toEqual([0, expect.stringContaining(path)]);
  expect(closed.stdout).toMatch(/Hold the post-mortem by \d{4}-\d\d-\d\d/);
  expect(await readFile(path, 'utf8')).toContain('a word for a number');

  const again = await incident('close', id);
  expect([again.code, again.stderr]).toEqual([4, expect.stringContaining('is closed already')]);
  const late = await incident('note', id, 'a second tenant was hit');
  expect([late.code, late.stdout]).toEqual([0, expect.stringContaining(`it is in ${path}`)]);
  expect(await readFile(path, 'utf8')).toContain('a second tenant was hit (added after it was closed)');
  await appendFile(path, 'What a person wrote.\n');
  const later = await incident('note', id, 'a third one, too', '--step', 'assess');
  expect(later.stdout).toContain(`Left as somebody edited it: ${path}`);
  expect(await readFile(path, 'utf8')).toMatch(/What a person wrote\.\n$/);
  expect(await readFile(path.replace('.md', '.2.md'), 'utf8')).toContain('a third one, too');
  expect((await incident('list')).stdout).toContain('It does not start');
});

test('a warning is no reason to call anybody until a note makes it critical', async () => {
  await using folder = await temporaryFolder();
  const variables = { METADATA_INCIDENT_DIR: folder.path, PROMETHEUS_URL: 'http://127.0.0.1:1' };
  const id = '20260101-0001';
  const opened = { kind: 'opened', at: '2026-01-01T02:00:00.000Z', by: 'ada', id, title: 'Slow' };
  const line = { ...opened, severity: 'warning', startedAt: null, version: '1.0.0' };
  await writeFile(join(folder.path, `${id}.jsonl`), `${JSON.stringify(line)}\n`);

  const asWarning = await brownie(['incident', 'show', id], variables);
  expect([asWarning.code, asWarning.stdout]).toEqual([0, expect.stringContaining('it is a warning')]);
  const note = ['incident', 'note', id, 'customers are hit', '--severity', 'critical'];
  expect((await brownie(note, variables)).stdout).toContain(
    'Level 2, senior engineer (METADATA_SENIOR_TELEPHONE is not set), is due at',
  );
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
