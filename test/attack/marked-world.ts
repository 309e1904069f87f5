import type { TestApp } from '../harness/app.ts';
import type { Reply } from '../harness/client.ts';
import { password, unique } from '../harness/tenant.ts';
import { bodyOf, newWorld, type World } from '../harness/world.ts';
import type { Operation } from './oracle.ts';

/** What of a world is found again wherever it turns up. */
export interface Traces {
  readonly ids: ReadonlySet<string>;
  readonly texts: readonly string[];
}

export interface MarkedWorld extends World {
  /** All of the organization: nobody of another one may see any of it. */
  readonly traces: Traces;
  /** Of its first team: not for members of another team. */
  readonly teamTraces: Traces;
}

const done = ({ status, body }: Reply): void => {
  if (status >= 300) {
    throw new Error(`the world could not be marked: ${status} ${JSON.stringify(body)}`);
  }
};

/** A world in which every text that somebody may write is known again, wherever it comes out. */
export async function newMarkedWorld(app: TestApp): Promise<MarkedWorld> {
  const world = await newWorld(app);
  const [mark, teamMark] = [unique('mark'), unique('teammark')];
  const { client } = world.tenant.owner;
  const { org_id, team_id, user_id, incident_id, config_id, configuration_id } = world.ids;
  const texts = { description: `${teamMark} of the team` };
  done(await client.put(`/organizations/${org_id}`, { name: mark, description: `${mark} in words` }));
  done(await client.put(`/teams/${team_id}`, { name: `${mark} team`, description: mark }));
  done(await client.put(`/users/${user_id}`, { full_name: mark, preferences: { note: mark } }));
  const incident = { ...texts, title: teamMark, tags: [teamMark], incident_metadata: { note: teamMark } };
  done(await client.put(`/incidents/${incident_id}`, incident));
  done(await client.post(`/incidents/${incident_id}/comments`, { comment: teamMark }));
  done(await client.put(`/agent-configs/${config_id}`, { ...texts, name: teamMark, config: { teamMark } }));
  // @NOTE the one that the world has is of the version before.
  const proposed = await client.post(`/agent-configs/${config_id}/proposals`, {
    change: { description: teamMark },
    reason: teamMark,
    evidence: { incident_ids: [incident_id], run_id: teamMark },
  });
  done(proposed);
  done(await client.put(`/configs/${configuration_id}`, { name: mark, description: mark, config: { mark } }));
  const stat = {
    ...texts,
    metric_name: teamMark,
    metric_type: 'gauge',
    value: 1,
    labels: { note: teamMark },
  };
  done(await client.post(`/teams/${team_id}/stats`, stat));
  const marked = { ...world, ids: { ...world.ids, proposal_id: proposed.body.id } };
  return { ...marked, ...(await tracesOf(app, marked, mark, teamMark)) };
}

/** The body of an operation's example, in this world; with the owner's password where it asks for one that is there. */
export function rightBodyOf(
  operation: Operation,
  { ids, tenant }: MarkedWorld,
  candidateId: string,
): object | undefined {
  const body = bodyOf(operation, ids, candidateId);
  if (operation.operationId === 'login') {
    return { email: tenant.owner.email, password };
  }
  return body !== undefined && 'current_password' in body ? { ...body, current_password: password } : body;
}

const ofTeams = ['incidents', 'incident_events', 'agent_configs', 'proposals', 'stats'];

async function tracesOf(
  app: TestApp,
  { ids }: World,
  mark: string,
  teamMark: string,
): Promise<Pick<MarkedWorld, 'traces' | 'teamTraces'>> {
  const { rows: tables } = await app.superuser.query<{ name: string }>(
    `select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
       and not c.relispartition and (select count(*) from pg_attribute a where a.attrelid = c.oid
         and a.attname in ('org_id', 'id') and a.atttypid = 'uuid'::regtype) = 2`,
  );
  const of = async (names: readonly string[]): Promise<string[]> => {
    const selected = names
      .map((name) => `select id::text from ${name} where org_id = $1`)
      .join(' union all ');
    const { rows } = await app.superuser.query<{ id: string }>(selected, [ids['org_id']]);
    return rows.map(({ id }) => id);
  };
  const all = await of(tables.map(({ name }) => name));
  return {
    traces: { ids: new Set([ids['org_id'] ?? '', ...all]), texts: [mark, teamMark] },
    teamTraces: { ids: new Set(await of(ofTeams)), texts: [teamMark] },
  };
}

const uuids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/** What of a world is in a text. */
export function tracesIn(text: string, { ids, texts }: Traces): string[] {
  const found = [...text.matchAll(uuids)].map(([id]) => id.toLowerCase()).filter((id) => ids.has(id));
  return [...new Set([...found, ...texts.filter((each) => text.includes(each))])];
}
