import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OwnDatabase, ownDatabase } from './own-database.ts';
import { type ServiceProcess, startService } from './service-process.ts';
import { openWorld, type World } from './v1-world.ts';

const document = readFileSync(join(import.meta.dirname, '../../docs/moving-from-v1.md'), 'utf8');

/** The rows of the table below a heading: their cells. */
const rowsUnder = (title: string): string[][] =>
  [...(document.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '').matchAll(/^\| (.*) \|$/gm)]
    .map(([, cells = '']) => cells.split(' | '))
    .slice(1);

/** Each row's request, by what the document says that a client does. */
type Requests = Readonly<Record<string, (world: World) => Promise<Response>>>;

const stat = (fields: object) => ({ metric_name: 'mttr', metric_type: 'gauge', value: 1, ...fields });
const naive = '2026-01-02T03:04:05';

const eased: Requests = {
  'sends a field that the route does not know': ({ post, incidents }) =>
    post(incidents, { title: 'Ours', severity: 'high' }),
  'sends a time without an offset, in a body': ({ post, stats }) => post(stats, stat({ timestamp: naive })),
  'asks with a time without an offset, in a query': ({ get, incidents }) =>
    get(`${incidents}?since=${naive}`),
  'adds a slash to a path that it reads': ({ get, incidents }) => get(`${incidents}/?limit=1`),
  'adds a slash to a path that it writes to': ({ post, incidents }) =>
    post(`${incidents}/`, { title: 'Ours' }),
  'signs up with a password of 8 to 14 characters': ({ signUp }) => signUp({ password: 'gH4 kx!9qZ' }),
  'signs up with a password that everybody knows': ({ signUp }) => signUp({ password: 'passwordpassword' }),
  'signs up for the eleventh time in an hour from one address': async ({ signUp }) => {
    for (let attempt = 1; attempt <= 10; attempt += 1) {
      await signUp({});
    }
    return await signUp({});
  },
};

const either: Requests = {
  'reads a user of another organization': ({ get, stranger }) => get(`/users/${stranger.id}`),
  'changes an organization of which it is no admin, though it is one elsewhere': ({ put, stranger }) =>
    put(`/organizations/${stranger.org_id}`, { description: 'Mine' }),
  'asks with a parameter that the route does not know': ({ get, incidents }) => get(`${incidents}?offset=0`),
  'asks for more than 100 rows': ({ get, incidents }) => get(`${incidents}?limit=101`),
  'asks with `True` or `1` for a truth value': ({ get, me }) =>
    get(`/teams/${me.team_id}/agent-configs?is_active=True`),
  'sends a number or a truth value as text': ({ post, stats }) => post(stats, stat({ value: '1.5' })),
  'sends null where a value is needed': ({ post, incidents }) =>
    post(incidents, { title: 'x', priority: null }),
  'sends a time as a number, or a date alone': ({ post, stats }) =>
    post(stats, stat({ timestamp: '2026-01-02' })),
  'sends an id without hyphens': ({ post, incidents, me }) =>
    post(incidents, { title: 'x', assigned_to: me.id.replaceAll('-', '') }),
  'updates nothing, with `{}`': ({ put, me }) => put(`/teams/${me.team_id}`, {}),
  'sends JSON with one key twice': ({ post, incidents }) => post(incidents, '{"title": "a", "title": "b"}'),
  'sends U+0000, or half of a surrogate pair': ({ post, incidents }) => post(incidents, { title: 'a\0' }),
  'sends an integer beyond 2⁵³': ({ post, incidents }) =>
    post(incidents, '{"title": "a", "incident_metadata": {"n": 9007199254740993}}'),
  'sends JSON under another media type': ({ post, incidents }) =>
    post(incidents, { title: 'a' }, { 'content-type': 'text/plain' }),
  'sends more than 1 MiB': ({ post, incidents }) => post(incidents, { title: 'x'.repeat(1_050_000) }),
  'names another team or organization in the body than in the path': ({ post, incidents, stranger }) =>
    post(incidents, { title: 'a', team_id: stranger.team_id }),
  'sets its own role, or verifies itself': ({ put, me }) => put(`/users/${me.id}`, { is_verified: true }),
  'raises `max_teams` or `max_users_per_team`': ({ put, me }) =>
    put(`/organizations/${me.org_id}`, { max_teams: 11 }),
  'makes one team more than `max_teams`': async ({ put, post, me }) => {
    await put(`/organizations/${me.org_id}`, { max_teams: 1 });
    return await post(`/organizations/${me.org_id}/teams`, { name: 'One more' });
  },
  'takes the last admin out of a team': ({ remove, me }) => remove(`/teams/${me.team_id}/members/${me.id}`),
  'signs up with a known e-mail in another case': ({ signUp, me }) =>
    signUp({ email: me.email.toUpperCase() }),
  'makes a user with a known username in another case': ({ newUser, me }) =>
    newUser({ username: me.username.toUpperCase() }),
  'sets another password of its own, without the one that it has': ({ put, me }) =>
    put(`/users/${me.id}`, { password: 'gH4 kx!9qZ-7wN2 too' }),
  'goes on with the token of a deactivated user': async ({ newUser, put, logIn, get }) => {
    const user = (await (
      await newUser({ email: 'leaves@example.com', password: 'gH4 kx!9qZ-7wN2' })
    ).json()) as {
      id: string;
    };
    const token = await logIn('leaves@example.com', 'gH4 kx!9qZ-7wN2');
    await put(`/users/${user.id}`, { is_active: false });
    return await get('/auth/me', { authorization: `Bearer ${token}` });
  },
};

/** As the document writes it: ``422 `request.invalid` ``. */
async function answerOf(response: Response): Promise<string> {
  const text = await response.text();
  const code: string | undefined = response.status < 400 ? undefined : JSON.parse(text).code;
  return code === undefined ? String(response.status) : `${response.status} \`${code}\``;
}

describe.each([
  ['without the profile', {}, 1],
  ['with the profile', { METADATA_COMPATIBILITY: 'v1' }, 2],
] as const)('docs/moving-from-v1.md is right %s:', (_, variables, column) => {
  let database: OwnDatabase;
  let service: ServiceProcess;
  let world: World;

  beforeAll(async () => {
    database = await ownDatabase({ isMigrated: true });
    service = await startService({ ...database.variables, ...variables });
    world = await openWorld(service.url);
  });
  afterAll(async () => {
    await service[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  test.each(rowsUnder('What differs either way'))('who %s: %s', async (does, answer) => {
    const send = either[does];
    expect(send && (await answerOf(await send(world)))).toBe(answer);
  });

  // @NOTE last: one of them uses up the sign-ups of the hour.
  test.each(rowsUnder('What the profile eases'))('who %s', async (...cells) => {
    const send = eased[cells[0] ?? ''];
    expect(send && (await answerOf(await send(world)))).toBe(cells[column]);
  });
});

test('each request here has its row in the document', () => {
  const named = (title: string) => rowsUnder(title).map(([does = '']) => does);
  expect(named('What the profile eases')).toEqual(Object.keys(eased));
  expect(named('What differs either way')).toEqual(Object.keys(either));
});
