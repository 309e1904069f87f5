import { type AgentPlan, agentPlans } from './agent-plans.ts';
import { auditRow } from './audit-rows.ts';
import { type Cast, type Team, teamOf } from './cast.ts';
import { dayMs, iso } from './clock.ts';
import { demoOrganization } from './demo-organization.ts';
import type { Random } from './random.ts';

const org_id = demoOrganization.id;

/** What a version says: the writable fields of the API. */
const firstContent = (random: Random, { name, type, task, team }: AgentPlan) => ({
  name,
  description: task,
  agent_type: type,
  is_active: true,
  config: {
    instructions: `${task}. Ask a person before anything that cannot be undone.`,
    temperature: 0.2,
    tools: random.pick([
      ['search_incidents'],
      ['search_incidents', 'read_metrics'],
      ['read_metrics', 'read_logs'],
    ]),
  },
  execution_timeout_seconds: 300,
  max_retries: 3,
  retry_delay_seconds: 60,
  triggers: type === 'analysis' ? { schedule: '0 6 * * 1-5' } : { incident: { status: ['open'] } },
  conditions: { priorities: ['high', 'critical'] },
  tags: [team, type.replaceAll('_', '-')],
  config_metadata: { owner: team },
});

type Content = ReturnType<typeof firstContent>;

/** One change that somebody makes to a configuration. */
const edited = (random: Random, content: Content): Content => {
  const changes: Partial<Content>[] = [
    { execution_timeout_seconds: content.execution_timeout_seconds + 60 },
    { max_retries: content.max_retries + 1 },
    { retry_delay_seconds: random.pick([30, 90, 120]) },
    { conditions: { priorities: [...new Set(['medium', ...content.conditions.priorities])] } },
    { config: { ...content.config, temperature: random.pick([0, 0.1, 0.3]) } },
    { config: { ...content.config, instructions: `${content.config.instructions} Be brief.` } },
    { tags: [...new Set([...content.tags, random.pick(['reviewed', 'pilot', 'night'])])] },
  ];
  return { ...content, ...random.pick(changes) };
};

/** The rows of all agent configurations: current states, versions, audit entries. */
export function agentRows(random: Random, cast: Cast, now: number) {
  const all = agentPlans.map((plan) => historyOf(random, teamOf(cast, plan.team), plan, now));
  return {
    configs: all.map(({ config }) => config),
    versions: all.flatMap(({ versions }) => versions),
    audit: all.flatMap(({ audit }) => audit),
  };
}

function historyOf(random: Random, team: Team, plan: AgentPlan, now: number) {
  const createdAt = now - random.int(200, 340) * dayMs;
  const id = random.idAt(createdAt);
  const creator = random.pick(team.responders).id;
  const first = firstContent(random, plan);
  let content = first;
  let state: ReturnType<typeof configRow> | undefined;
  const versions: object[] = [];
  const audit: object[] = [];
  const count = random.int(2, 6);
  for (let version = 1; version <= count; version += 1) {
    const isRollback = version === count && count > 3 && random.chance(0.5);
    const change = version === 1 ? 'created' : isRollback ? 'rolled_back' : 'updated';
    const at = createdAt + (version - 1) * 30 * dayMs;
    const by = version === 1 ? creator : random.pick(team.responders).id;
    content = isRollback ? first : version === 1 ? first : edited(random, content);
    const before = state;
    state = configRow(content, { id, team, version, creator, createdAt, by, at });
    const created_at = iso(at);
    versions.push({ org_id, config_id: id, version, change, snapshot: content, created_by: by, created_at });
    audit.push(
      auditRow(random, {
        at,
        actorId: by,
        action: `agent_config.${change}`,
        resourceType: 'agent_config',
        resourceId: id,
        teamId: team.id,
        ...(before && { before: shown(before) }),
        after: shown(state),
      }),
    );
  }
  return { config: state ?? {}, versions, audit };
}

const configRow = (
  content: Content,
  row: {
    id: string;
    team: Team;
    version: number;
    creator: string;
    createdAt: number;
    by: string;
    at: number;
  },
) => ({
  org_id,
  id: row.id,
  team_id: row.team.id,
  ...content,
  version: row.version,
  created_by: row.creator,
  updated_by: row.by,
  created_at: iso(row.createdAt),
  updated_at: iso(row.at),
});

/** A configuration as the API shows it. */
const shown = (row: ReturnType<typeof configRow>) => ({
  ...row,
  organization_id: org_id,
  deleted_at: null,
  deleted_by: null,
});
