import type { Service } from './subjects.ts';

const columns = `id, org_id, team_id, title, description, status, priority, assigned_to, tags, incident_metadata, idempotency_key, version,
  started_at, resolved_at, closed_at, response_time_minutes, resolution_time_minutes, created_by, updated_by, created_at, updated_at, deleted_at, deleted_by`;

/** One statement, and no tenant kept apart: as the look-up of the floor in Node. */
export const readIncident = ({ orgId, ids }: Service): string =>
  oneLine(`select ${columns} from incidents where org_id = '${orgId}' and id = '${ids.incidents[0]}'`);

/** What a new incident writes, in the transaction in which it is written, under row-level security: five round trips. */
export const createIncident = ({ orgId, teamId, userId }: Service): string =>
  [
    'begin',
    `select now(), set_config('app.org_id', '${orgId}', true), set_config('app.user_id', '${userId}', true)`,
    `insert into incidents (org_id, id, team_id, title, description, priority, tags, incident_metadata, created_by, updated_by)
     values ('${orgId}', uuidv7(), '${teamId}', '${text.title}', '${text.description}', 'high', '{checkout,eu-west-1}',
       '{"alert": "CheckoutAlert", "source": "prometheus", "value": 7.25}', '${userId}', '${userId}')
     returning ${columns} \\gset`,
    `insert into incident_events (org_id, incident_id, id, type, actor_id) values ('${orgId}', :id, uuidv7(), 'created', '${userId}')`,
    `insert into audit_events (org_id, id, actor_type, actor_id, action, resource_type, resource_id, team_id, after, request_id, address)
     values ('${orgId}', uuidv7(), 'user', '${userId}', 'incident.created', 'incident', :id, '${teamId}',
       '{"id": "${teamId}", "org_id": "${orgId}", "team_id": "${teamId}", "title": "${text.title}", "description": "${text.description}",
         "status": "open", "priority": "high", "tags": ["checkout", "eu-west-1"], "version": 1, "created_by": "${userId}"}',
       '${teamId}', '192.0.2.7')`,
    'commit',
  ]
    .map(oneLine)
    .join('');

const text = {
  title: 'checkout: p99 latency is above the objective in eu-west-1',
  description:
    '7 of 100 requests to checkout in eu-west-1 failed over the last 12 minutes. The dashboard shows no change of traffic.',
};

const oneLine = (statement: string): string =>
  `${statement.replace(/\s+/g, ' ').replace(/( \\gset)?$/, (end) => (end === '' ? ';' : end))}\n`;
