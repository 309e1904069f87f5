import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import pg from 'pg';

/**
 * What the service is measured against, in a process of its own: `node bench/floor-server.ts <http|fastify> <dsn>`. It prints its
 * address. Nobody is asked who they are, no tenant is kept apart, nothing is logged or counted.
 */
const [kind, dsn] = process.argv.slice(2);

const text = { type: 'string', nullable: true } as const;
const number = { type: 'integer', nullable: true } as const;
const json = { type: 'object', additionalProperties: true } as const;
const flag = { type: 'boolean' } as const;

/** Columns, and what they are in JSON: those that the service answers with. */
const userColumns = {
  ...{ id: text, org_id: text, email: text, username: text, full_name: text, avatar_url: text },
  ...{ is_active: flag, is_verified: flag, preferences: json, created_by: text, updated_by: text },
  ...{ created_at: text, updated_at: text, deleted_at: text, deleted_by: text },
};
const incidentColumns = {
  ...{ id: text, org_id: text, team_id: text, title: text, description: text, status: text, priority: text },
  ...{
    assigned_to: text,
    tags: { type: 'array', items: text },
    incident_metadata: json,
    idempotency_key: text,
  },
  ...{ version: number, started_at: text, resolved_at: text, closed_at: text, response_time_minutes: number },
  ...{
    resolution_time_minutes: number,
    created_by: text,
    updated_by: text,
    created_at: text,
    updated_at: text,
  },
  ...{ deleted_at: text, deleted_by: text },
};
const replyOf = (properties: object) => ({ schema: { response: { 200: { type: 'object', properties } } } });

const incident = Object.keys(incidentColumns).join(', ');
const list = `select ${incident} from incidents where org_id = $1 and team_id = $2 and deleted_at is null
  order by created_at desc, id desc limit 21`;
const statements = {
  user: `select ${Object.keys(userColumns).join(', ')} from users where id = $1`,
  incident: `select ${incident} from incidents where org_id = $1 and id = $2`,
  list,
  json: `select json_build_object('items', json_agg(row), 'next_cursor', null, 'has_more', true)::text as body
    from (${list.replace('21', '20')}) row`,
};

async function startFastify(): Promise<string> {
  const app = Fastify();
  // As many connections as the service may open.
  const pool = new pg.Pool({ connectionString: dsn, max: 50 });
  const query = async (name: keyof typeof statements, ...values: string[]) =>
    (await pool.query({ name, text: statements[name], values })).rows;

  app.get('/live', replyOf({ status: text }), async () => ({ status: 'healthy' }));
  app.get<{ Params: { id: string } }>(
    '/users/:id',
    replyOf(userColumns),
    async ({ params }) => (await query('user', params.id))[0],
  );
  app.get<{ Params: { org: string; id: string } }>(
    '/:org/incidents/:id',
    replyOf(incidentColumns),
    async ({ params }) => (await query('incident', params.org, params.id))[0],
  );
  const items = { type: 'array', items: { type: 'object', properties: incidentColumns } };
  app.get<{ Params: { org: string; team: string } }>(
    '/:org/teams/:team/incidents',
    replyOf({ items, next_cursor: text, has_more: flag }),
    async ({ params }) => {
      const rows = await query('list', params.org, params.team);
      return { items: rows.slice(0, 20), next_cursor: null, has_more: rows.length > 20 };
    },
  );
  app.get<{ Params: { org: string; team: string } }>(
    '/:org/teams/:team/incidents-as-json',
    async ({ params }, reply) => {
      const [row] = await query('json', params.org, params.team);
      return reply.type('application/json; charset=utf-8').send(row.body);
    },
  );
  return await app.listen({ host: '127.0.0.1', port: 0 });
}

async function startHttp(): Promise<string> {
  const server = createServer((_request, reply) => {
    reply.setHeader('content-type', 'application/json').end('{"status":"healthy"}');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

process.stdout.write(`${await (kind === 'http' ? startHttp() : startFastify())}\n`);
