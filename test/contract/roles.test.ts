import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Route } from '../../src/platform/http/route.ts';
import { startApp, type TestApp } from '../harness/app.ts';
import { Authenticator, addPasskey } from '../harness/authenticator.ts';
import { tokenMailedTo } from '../harness/mails.ts';
import { codeOf, enrol, forgetSteps, proposeTotp } from '../harness/second-factor.ts';
import { type Person, password, unique } from '../harness/tenant.ts';
import { bodyOf, newWorld, pathOf, rowsOf, type World } from '../harness/world.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app[Symbol.asyncDispose]());

type Role = 'outsider' | 'viewer' | 'member' | 'admin' | 'owner';

/**
 * The matrix of contract v1, "Who may what", written out once more: by operation, the least role in the team.
 * `outsider` is in another team of the same organization, `owner` owns the organization and is in no other team.
 */
const leastRole: Readonly<Record<Role, readonly string[]>> = {
  outsider: [
    'getMe',
    'getUserInfo',
    'whoAmI',
    'switchOrganization',
    'listSessions',
    'endSession',
    'endSessions',
    'logout',
    'changePassword',
    'sendEmailVerification',
    'verifyEmail',
    'getSecondFactor',
    'proposeTotp',
    'confirmTotp',
    'removeTotp',
    'renewRecoveryCodes',
    'proposePasskey',
    'addPasskey',
    'challengePasskey',
    'renamePasskey',
    'removePasskey',
    'createOrganization',
    'listOrganizations',
    'getOrganization',
    'listTeams',
    'leaveOrganization',
    'getTeam',
    'listUsers',
    'getUser',
    'listOrganizationStats',
    'listOrganizationIncidents',
    'listTeamMembers',
    'listApiKeys',
    'listOrganizationProposals',
    'listConfigs',
    'getConfig',
    'listConfigVersions',
    'getConfigVersion',
    'diffConfig',
    'resolveConfigs',
  ],
  viewer: [
    'listIncidents',
    'getIncident',
    'listIncidentEvents',
    'listAgentConfigs',
    'getEffectiveConfig',
    'getAgentConfig',
    'listAgentConfigVersions',
    'getAgentConfigVersion',
    'listProposals',
    'getProposal',
    'listTeamStats',
    'getStat',
  ],
  member: [
    'createIncident',
    'updateIncident',
    'commentIncident',
    'createAgentConfig',
    'updateAgentConfig',
    'rollBackAgentConfig',
    'createProposal',
    'withdrawProposal',
    'createStat',
  ],
  admin: [
    // @NOTE the world's proposal is its owner's, who decides on everybody else's.
    'approveProposal',
    'rejectProposal',
    'deleteIncident',
    'restoreIncident',
    'deleteAgentConfig',
    'restoreAgentConfig',
    'deleteStat',
    'updateTeam',
    'addTeamMember',
    'updateTeamMember',
    'removeTeamMember',
    'createUser',
    'updateUser',
    'deleteUser',
    'restoreUser',
    'createApiKey',
    'getApiKey',
    'updateApiKey',
    'revokeApiKey',
  ],
  // @NOTE the world's key acts for its owner, and only whom a key acts for is shown its new secret.
  owner: [
    'rotateApiKey',
    'createServiceAccount',
    'updateOrganization',
    'createTeam',
    'deleteTeam',
    'setOrganizationRole',
    'transferOrganization',
    'createInvitation',
    'listInvitations',
    'getInvitation',
    'resendInvitation',
    'revokeInvitation',
    'createGroupMapping',
    'listGroupMappings',
    'getGroupMapping',
    'updateGroupMapping',
    'deleteGroupMapping',
    // @NOTE of the organization, as the world's is; a team's are for its admins, too.
    'createConfig',
    'updateConfig',
    'publishConfig',
    'deprecateConfig',
    'archiveConfig',
    'rollBackConfig',
    'deleteConfig',
    'restoreConfig',
    'listAuditEvents',
    'exportAuditEvents',
    'verifyAuditEvents',
    'getAuditCheckpoint',
  ],
};
const roles: readonly Role[] = ['outsider', 'viewer', 'member', 'admin', 'owner'];

interface Cast {
  readonly world: World;
  readonly people: Readonly<Record<Role, Person>>;
  /** A user of the organization who is not in the team. */
  readonly candidate: Person;
}

async function newCast(): Promise<Cast> {
  const world = await newWorld(app);
  const { tenant } = world;
  const otherTeam = await tenant.team();
  const [outsider, viewer, member, admin, candidate] = await Promise.all([
    tenant.person('admin', otherTeam),
    tenant.person('viewer'),
    tenant.person('member'),
    tenant.person('admin'),
    tenant.person('viewer', otherTeam),
  ]);
  return { world, people: { outsider, viewer, member, admin, owner: tenant.owner }, candidate };
}

/** A team in which everybody has the role that they have in the world's, and to which nothing belongs. */
async function emptyTeam({ world: { tenant }, people: { viewer, member, admin } }: Cast): Promise<string> {
  const teamId = await tenant.team();
  for (const [role, { id }] of Object.entries({ viewer, member, admin })) {
    const added = await tenant.owner.client.post(`/teams/${teamId}/members`, { user_id: id, role });
    expect(added.status).toBe(200);
  }
  return teamId;
}

/** Brings the world into the state in which the operation makes sense; the ids that it is then about. */
async function prepare(cast: Cast, route: Route): Promise<World['ids']> {
  const { world, people } = cast;
  if (route.operationId === 'deleteTeam') {
    return { ...world.ids, team_id: await emptyTeam(cast) };
  }
  if (route.operationId === 'leaveOrganization') {
    const founded = await people.outsider.client.post('/organizations', { name: unique('Another') });
    const { team_id } = (await people.outsider.client.get('/auth/me')).body;
    const member = `/teams/${team_id}/members/${cast.candidate.id}`;
    const substitute = await people.owner.client.put(member, { role: 'admin' });
    expect([founded.status, substitute.status]).toEqual([200, 200]);
  }
  if (route.operationId === 'verifyEmail') {
    const { client, email } = people.outsider;
    expect((await client.post('/auth/email/verification')).status).toBe(202);
    return { ...world.ids, token: await tokenMailedTo(app, email) };
  }
  if (route.operationId === 'confirmTotp') {
    return { ...world.ids, code: codeOf(await proposeTotp(people.outsider.client)) };
  }
  if (route.operationId === 'removeTotp' || route.operationId === 'renewRecoveryCodes') {
    const { secret } = await enrol(people.outsider.client);
    await forgetSteps(app, people.outsider.id);
    return { ...world.ids, code: codeOf(secret) };
  }
  if (route.operationId === 'addPasskey') {
    const proposed = await people.outsider.client.post('/auth/mfa/passkeys', { current_password: password });
    return { ...world.ids, credential: JSON.stringify(new Authenticator().create(proposed.body)) };
  }
  if (route.operationId === 'renamePasskey' || route.operationId === 'removePasskey') {
    const { id, recoveryCodes } = await addPasskey(people.outsider.client);
    return { ...world.ids, passkey_id: id, code: recoveryCodes[0] ?? '' };
  }
  if (route.operationId === 'endSession') {
    const sessions = (await people.outsider.client.get('/auth/sessions')).body;
    return { ...world.ids, session_id: sessions.items[0].id };
  }
  if (route.operationId === 'withdrawProposal') {
    const proposed = await people.member.client.post(`/agent-configs/${world.ids['config_id']}/proposals`, {
      base_version: 2,
      change: { max_retries: 6 },
      reason: 'Theirs',
    });
    return { ...world.ids, proposal_id: proposed.body.id };
  }
  const configuration = `/configs/${world.ids['configuration_id']}`;
  if (route.operationId === 'deprecateConfig') {
    expect((await people.owner.client.post(`${configuration}/publish`)).status).toBe(200);
  }
  if (route.operationId === 'restoreConfig') {
    expect((await people.owner.client.delete(configuration)).status).toBe(204);
  }
  const resources: Readonly<Record<string, string>> = {
    restoreIncident: `/incidents/${world.ids['incident_id']}`,
    restoreAgentConfig: `/agent-configs/${world.ids['config_id']}`,
    restoreUser: `/users/${world.ids['user_id']}`,
  };
  const path = resources[route.operationId];
  if (path !== undefined) {
    expect((await people.owner.client.delete(path)).status).toBe(200);
  }
  return world.ids;
}

const call = (cast: Cast, route: Route, role: Role, ids: World['ids']) =>
  cast.people[role].client.send(route.method, pathOf(route, ids), bodyOf(route, ids, cast.candidate.id));

test('the matrix names every route that needs a token', () => {
  const named = Object.values(leastRole).flat().sort();
  const declared = app.app.routes
    .filter((route) => route.permission !== 'public')
    .map((route) => route.operationId);
  expect(named).toEqual(declared.sort());
});

test('each role may do what the matrix says, and nothing else', async () => {
  // What is only read can be read by everybody of one cast.
  const readers = await newCast();
  for (const [index, role] of roles.entries()) {
    for (const operationId of leastRole[role]) {
      const route = app.app.routes.find((each) => each.operationId === operationId);
      if (route === undefined) {
        throw new Error(`there is no operation ${operationId}`);
      }
      const cast = route.method === 'GET' ? readers : await newCast();
      const ids = await prepare(cast, route);
      const before = await rowsOf(app, cast.world.tenant.orgId);
      for (const lesser of roles.slice(0, index)) {
        const refused = await call(cast, route, lesser, ids);
        expect([refused.status, refused.body.code], `${lesser} ${operationId}`).toEqual([
          403,
          'auth.forbidden',
        ]);
      }
      expect(await rowsOf(app, cast.world.tenant.orgId), `${operationId} refused`).toBe(before);
      const allowed = await call(cast, route, role, ids);
      expect(allowed.status, `${role} ${operationId} ${JSON.stringify(allowed.body)}`).toBe(route.status);
    }
  }
});
