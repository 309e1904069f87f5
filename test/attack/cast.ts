import { createHmac } from 'node:crypto';
import { newApiKey } from '../../src/platform/auth/api-key-secret.ts';
import { type Scope, scopes } from '../../src/platform/auth/scopes.ts';
import { type KeyRow, keyOf } from '../harness/api-key.ts';
import { type TestApp, testSecret } from '../harness/app.ts';
import { badTokens } from '../harness/bad-tokens.ts';
import { tokenOf } from '../harness/session.ts';
import { newTenant, type Person, type Tenant } from '../harness/tenant.ts';
import type { MarkedWorld } from './marked-world.ts';

/** What somebody is where the attack is about, from the least to the most. */
export const ranks = [
  'outsider',
  'viewer',
  'member',
  'team admin',
  'organization admin',
  'organization owner',
] as const;
export type Rank = (typeof ranks)[number];

/** Who calls: nobody whom the service knows, or somebody with what they are in the world that is attacked. */
export interface Caller {
  readonly name: string;
  readonly standing: 'nobody' | 'stranger' | Rank;
  /** What an API key was given; undefined for a person. */
  readonly scopes?: readonly Scope[];
  /** Whether their session has no second factor, for which the organization asks. */
  readonly lacksFactor?: boolean;
  /** The credential, made anew where asking may end it. */
  token(): Promise<string | undefined>;
}

export interface Cast {
  readonly callers: readonly Caller[];
  /** A user of the organization who is not in the team. */
  readonly candidateId: string;
}

const someone = (name: string, token: string | undefined): Caller => ({
  name,
  standing: 'nobody',
  token: async () => token,
});

/** People of every rank, and the owner of another organization. */
export interface People extends Cast {
  readonly otherTeam: string;
  readonly outsider: Person;
  readonly viewer: Person;
}

export async function peopleOf(
  app: TestApp,
  { tenant }: Pick<MarkedWorld, 'tenant'>,
  stranger: Tenant,
): Promise<People> {
  const { orgId, owner } = tenant;
  const otherTeam = await tenant.team();
  const [outsider, viewer, member, teamAdmin, candidate, orgAdmin] = [
    await tenant.person('admin', otherTeam),
    await tenant.person('viewer'),
    await tenant.person('member'),
    await tenant.person('admin'),
    await tenant.person('viewer', otherTeam),
    await tenant.person('viewer', otherTeam),
  ];
  await owner.client.put(`/organizations/${orgId}/members/${orgAdmin.id}`, { role: 'admin' });
  const inSession = (standing: Caller['standing'], person: Person, org = orgId): Caller => ({
    name: standing === 'stranger' ? 'the owner of another organization' : standing,
    standing,
    token: () =>
      tokenOf(app.superuser, {
        userId: person.id,
        orgId: org,
        email: person.email,
        roles: [],
        hasFactor: true,
      }),
  });
  return {
    otherTeam,
    outsider,
    viewer,
    candidateId: candidate.id,
    callers: [
      inSession('outsider', outsider),
      inSession('viewer', viewer),
      inSession('member', member),
      inSession('team admin', teamAdmin),
      inSession('organization admin', orgAdmin),
      inSession('organization owner', owner),
      inSession('stranger', stranger.owner, stranger.orgId),
    ],
  };
}

/** Whoever calls with a key. */
async function keyCaller(
  { superuser }: TestApp,
  name: string,
  standing: Rank | 'stranger',
  row: KeyRow,
): Promise<Caller> {
  const { key } = await keyOf(superuser, row);
  return { name: `a key ${name}`, standing, scopes: row.scopes, token: async () => key };
}

/** People of every rank, strangers, and the directories of both. */
export async function attackersOf(
  app: TestApp,
  { tenant }: Pick<MarkedWorld, 'tenant'>,
  stranger: Tenant,
): Promise<Cast & { readonly directory: Caller }> {
  const { callers, candidateId, viewer } = await peopleOf(app, { tenant }, stranger);
  const { orgId, owner } = tenant;
  const key = (name: string, standing: Rank | 'stranger', of: Omit<KeyRow, 'scopes'>): Promise<Caller> =>
    keyCaller(app, name, standing, { ...of, scopes: ['scim:write'] });
  const directory = await key('of the directory', 'organization owner', { orgId, userId: owner.id });
  return {
    candidateId,
    directory,
    callers: [
      ...callers,
      directory,
      await key('of a viewer’s directory', 'viewer', { orgId, userId: viewer.id }),
      await key('of another organization’s directory', 'stranger', {
        orgId: stranger.orgId,
        userId: stranger.owner.id,
      }),
    ],
  };
}

/** Everybody who may try something in a world: people of every rank, strangers, keys of every scope, and credentials that are none. */
export async function castOf(app: TestApp, { tenant, ids }: MarkedWorld): Promise<Cast> {
  const { orgId, owner } = tenant;
  const stranger = await newTenant(app);
  const { otherTeam, outsider, viewer, candidateId, callers } = await peopleOf(app, { tenant }, stranger);
  const withKey = async (
    name: string,
    standing: Rank | 'stranger',
    userId: string,
    granted: readonly Scope[],
    teamIds: readonly string[] = [],
  ): Promise<Caller> => {
    const org = standing === 'stranger' ? stranger.orgId : orgId;
    return await keyCaller(app, name, standing, { orgId: org, userId, scopes: granted, teamIds });
  };
  return {
    candidateId,
    callers: [
      ...(await nobodies(app, { tenant, ids })),
      ...callers,
      ...(await Promise.all(
        scopes.map((scope) => withKey(`with ${scope}`, 'organization owner', owner.id, [scope])),
      )),
      await withKey('with every scope', 'organization owner', owner.id, scopes),
      await withKey('of a viewer', 'viewer', viewer.id, scopes),
      await withKey('of another team’s admin', 'outsider', outsider.id, scopes),
      await withKey('of the owner, for another team', 'outsider', owner.id, scopes, [otherTeam]),
      await withKey('of another organization', 'stranger', stranger.owner.id, scopes),
      await withKey('of a viewer’s directory', 'viewer', viewer.id, ['scim:write']),
      await withKey('of another team’s directory', 'outsider', owner.id, ['scim:write'], [otherTeam]),
      await withKey('of another organization’s directory', 'stranger', stranger.owner.id, ['scim:write']),
      await withoutFactor(app, { tenant }),
    ],
  };
}

/** The owner in a session without a second factor, for which the organization asks from now on: everybody else has one. */
async function withoutFactor(
  { superuser }: TestApp,
  { tenant: { orgId, owner } }: Pick<MarkedWorld, 'tenant'>,
): Promise<Caller> {
  await superuser.query('update organizations set mfa_required = true where id = $1', [orgId]);
  return {
    name: 'the owner without the second factor that is asked for',
    standing: 'organization owner',
    lacksFactor: true,
    token: () => tokenOf(superuser, { userId: owner.id, orgId, email: owner.email, roles: [] }),
  };
}

/** Credentials that are none any more, or never were. */
async function nobodies(app: TestApp, { tenant }: Pick<MarkedWorld, 'tenant' | 'ids'>): Promise<Caller[]> {
  const { owner, orgId } = tenant;
  const [deleted, deactivated, removed, loggedOut] = [
    await tenant.person('admin'),
    await tenant.person('admin'),
    await tenant.person('admin'),
    await tenant.person('admin'),
  ];
  const deletedKey = await keyOf(app.superuser, { orgId, userId: deleted.id, scopes });
  await owner.client.delete(`/users/${deleted.id}`);
  await owner.client.put(`/users/${deactivated.id}`, { is_active: false });
  await app.superuser.query('update organization_memberships set removed_at = now() where user_id = $1', [
    removed.id,
  ]);
  await loggedOut.client.post('/auth/logout');
  const [revoked, revokedDirectory, expired] = [
    await keyOf(app.superuser, { orgId, userId: owner.id, scopes }),
    await keyOf(app.superuser, { orgId, userId: owner.id, scopes: ['scim:write'] }),
    await keyOf(app.superuser, { orgId, userId: owner.id, scopes }),
  ];
  const elsewhere = { orgId, userId: owner.id, scopes, addressRanges: ['192.0.2.0/24'] };
  await app.superuser.query('update api_keys set revoked_at = now() where id = any($1)', [
    [revoked.id, revokedDirectory.id],
  ]);
  await app.superuser.query('update api_keys set created_at = $2, expires_at = $2 where id = $1', [
    expired.id,
    new Date(Date.now() - 86_400_000),
  ]);
  const bad = badTokens(owner.client.token ?? '');
  const [header, payload] = (owner.client.token ?? '').split('.');
  const ofOldRelease = createHmac('sha1', testSecret).update(`${header}.${payload}`).digest('base64url');
  return [
    someone('nobody', undefined),
    ...['garbage', 'expired', 'of another algorithm', 'of algorithm none', 'of an unknown session'].map(
      (name) => someone(`a token ${name}`, bad[name]),
    ),
    someone('a token with a signature of SHA-1', `${header}.${payload}.${ofOldRelease}`),
    someone('a user who was deleted', deleted.client.token),
    someone('a user who was deactivated', deactivated.client.token),
    someone('a user who is no member any more', removed.client.token),
    someone('a session that is over', loggedOut.client.token),
    someone('a key of a user who was deleted', deletedKey.key),
    someone('a key that was revoked', revoked.key),
    someone('a key of a directory that was revoked', revokedDirectory.key),
    someone('a key that has expired', expired.key),
    someone('a key from a wrong address', (await keyOf(app.superuser, elsewhere)).key),
    someone('a key that nobody has', newApiKey()),
  ];
}
