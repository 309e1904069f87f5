import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LogEntry } from './entry.ts';
import { IncidentStore, newIncidentId } from './incident-store.ts';

let directory: string;
let store: IncidentStore;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'brownie-incidents-'));
  store = new IncidentStore(join(directory, 'not', 'there', 'yet'));
});
afterEach(() => rm(directory, { recursive: true }));

const id = '20261125-3f9c';
const opened = {
  kind: 'opened',
  at: '2026-11-25T14:00:00.000Z',
  by: 'ada',
  id,
  title: 'Redis is away',
  severity: 'warning',
  startedAt: null,
  version: '1.0.0',
} as const satisfies LogEntry;
const note = (text: string): LogEntry => ({ kind: 'note', at: opened.at, by: 'ada', step: 'contain', text });

test('what is written is only ever added to, and read back in its order', async () => {
  await store.create(id, opened);
  const before = await readFile(store.pathOf(id), 'utf8');
  await store.append(id, note('one'));
  await store.append(id, note('two\nlines'));
  expect((await readFile(store.pathOf(id), 'utf8')).startsWith(before)).toBe(true);
  const { entries, step } = await store.read(id);
  expect(entries).toEqual([opened, note('one'), note('two\nlines')]);
  expect(step).toBe('contain');
  expect((await stat(store.pathOf(id))).mode & 0o007).toBe(0);
});

test('a line cut short by a power cut takes no other with it', async () => {
  await store.create(id, opened);
  await appendFile(store.pathOf(id), '{"kind":"note","at":"2026-');
  expect((await store.read(id)).entries).toEqual([opened]);
});

test('an incident that is not there, and a name that leads elsewhere, are refused', async () => {
  for (const wrong of ['20261125-0000', '../secrets', '']) {
    await expect(store.append(wrong, note('x'))).rejects.toThrow(/There is no incident/);
  }
});

test('a log is begun once', async () => {
  await store.create(id, opened);
  await expect(store.create(id, opened)).rejects.toThrow('EEXIST');
});

test('all are listed, the newest first; what is no log is passed over', async () => {
  expect(await store.all()).toEqual([]);
  const later = { ...opened, id: '20261126-0001', at: '2026-11-26T14:00:00.000Z' };
  await store.create(id, opened);
  await store.create(later.id, later);
  await appendFile(store.pathOf('20261127-ffff'), 'garbage\n');
  expect((await store.all()).map((each) => each.opened.id)).toEqual([later.id, id]);
});

test('ids say the day', () => {
  expect(newIncidentId(new Date('2026-11-25T23:59:59Z'))).toMatch(/^20261125-[0-9a-f]{4}$/);
});
