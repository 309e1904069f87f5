import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as EarlierClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as EarlierTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keyOf } from '../../../test/harness/api-key.ts';
import { startApp, type TestApp } from '../../../test/harness/app.ts';
import { newTenant, type Tenant } from '../../../test/harness/tenant.ts';
import { type Scope, scopes } from '../../platform/auth/scopes.ts';

let app: TestApp;
let other: TestApp;
let tenant: Tenant;
let configId: string;

beforeAll(async () => {
  [app, other] = [await startApp(), await startApp()];
  tenant = await newTenant(app);
  const made = await tenant.owner.client.post(`/teams/${tenant.teamId}/agent-configs`, {
    name: 'Triage',
    agent_type: 'incident_response',
    config: { model: { temperature: 0.2 } },
  });
  expect(made.status, JSON.stringify(made.body)).toBe(200);
  configId = made.body.id;
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
});

interface Called {
  readonly isError?: boolean;
  readonly structuredContent?: Record<string, unknown>;
  readonly content: readonly { readonly text: string }[];
}
interface Agent extends AsyncDisposable {
  tools(): Promise<string[]>;
  call(name: string, args?: object): Promise<Called>;
  readonly client: Client | EarlierClient;
}

const kinds = ['2.x, its default', '2.x, revision 2026-07-28', '1.x'] as const;

/** An official client of the protocol. Each of its requests goes to another instance than the one before. */
async function agentOf(
  token: string,
  kind: (typeof kinds)[number] = '2.x, revision 2026-07-28',
): Promise<Agent> {
  let turn = 0;
  const options = {
    requestInit: { headers: { authorization: `Bearer ${token}` } },
    fetch: (_: string | URL, init?: RequestInit) => {
      turn += 1;
      return fetch(new URL('/mcp', (turn % 2 === 0 ? app : other).url), init);
    },
  };
  const info = { name: 'test', version: '1' };
  const url = new URL('/mcp', app.url);
  let client: Client | EarlierClient;
  if (kind === '1.x') {
    const earlier = new EarlierClient(info);
    await earlier.connect(new EarlierTransport(url, options) as never);
    client = earlier;
  } else {
    const modern = new Client(
      info,
      kind === '2.x, its default' ? {} : { versionNegotiation: { mode: { pin: '2026-07-28' } } },
    );
    await modern.connect(new StreamableHTTPClientTransport(url, options));
    client = modern;
  }
  return {
    client,
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args = {}) =>
      (await client.callTool({ name, arguments: args as Record<string, unknown> })) as unknown as Called,
    [Symbol.asyncDispose]: () => client.close(),
  };
}

const keyWith = async (granted: readonly Scope[], { owner, orgId }: Tenant = tenant) =>
  (await keyOf(app.superuser, { orgId, userId: owner.id, scopes: granted })).key;
const done = async (called: Promise<Called>): Promise<Record<string, unknown>> => {
  const { isError, structuredContent, content } = await called;
  expect([isError ?? false, content[0]?.text]).toEqual([false, expect.any(String)]);
  expect(JSON.parse(content[0]?.text ?? '')).toEqual(structuredContent);
  return structuredContent ?? {};
};
const refused = async (called: Promise<Called>): Promise<string> => {
  const { isError, content } = await called;
  expect(isError).toBe(true);
  return content[0]?.text ?? '';
};

test.each(kinds)(
  'an agent deals with a whole incident, each request on another instance: %s',
  async (kind) => {
    await using agent = await agentOf(await keyWith(scopes.filter((scope) => scope !== 'scim:write')), kind);
    const me = await done(agent.call('whoami'));
    const [team] = me['teams'] as { id: string }[];
    const title = `Checkout is slow, seen by ${kind}`;
    const report = { team_id: team?.id, title, dedup_key: title, tags: ['checkout'] };
    const incident = await done(agent.call('report_incident', report));
    expect((await done(agent.call('report_incident', report)))['id']).toBe(incident['id']);
    const found = await done(agent.call('find_incidents', { tags: ['checkout'], status: 'open' }));
    expect((found['items'] as { id: unknown }[]).map(({ id }) => id)).toContain(incident['id']);
    const incident_id = incident['id'] as string;
    await done(agent.call('comment_on_incident', { incident_id, comment: 'A pool is exhausted' }));
    const { effective } = await done(agent.call('effective_configuration', { config_id: configId }));
    expect(effective).toEqual({ model: { temperature: 0.2 } });
    const explained = await done(
      agent.call('effective_configuration', { config_id: configId, explain: true }),
    );
    expect(explained['explain']).toBeInstanceOf(Array);
    const proposal = {
      config_id: configId,
      base_version: 1,
      change: { max_retries: 4 },
      reason: 'It gives up early',
      incident_ids: [incident_id],
    };
    expect((await done(agent.call('propose_change', proposal)))['status']).toBe('open');
    const change = { incident_id, version: incident['version'], status: 'resolved' };
    expect((await done(agent.call('update_incident', change)))['status']).toBe('resolved');
    expect(await refused(agent.call('update_incident', { ...change, status: 'open' }))).toMatch(
      /^precondition\.stale: .* read it again/,
    );
    const read = await done(agent.call('read_incident', { incident_id }));
    const { items } = read['timeline'] as { items: { type: string }[] };
    expect(items.map(({ type }) => type)).toEqual(['status_changed', 'commented', 'created']);
    const { contents } = await agent.client.readResource({ uri: `brownie://incidents/${incident_id}` });
    expect(JSON.parse((contents[0] as { text: string }).text)).toEqual(read);
    const prompt = await agent.client.getPrompt({ name: 'triage', arguments: { incident_id } });
    expect(JSON.stringify(prompt.messages)).toContain(incident_id);
  },
);

test('all tools take a model less than 3,000 tokens to read', async () => {
  await using agent = await agentOf(await keyWith(scopes.filter((scope) => scope !== 'scim:write')));
  const { tools } = await agent.client.listTools();
  // @NOTE JSON has three characters a token or more, whichever tokenizer counts.
  expect(JSON.stringify(tools).length / 3).toBeLessThan(3_000);
  expect(tools.length).toBeLessThanOrEqual(15);
  expect(tools.filter(({ outputSchema }) => outputSchema?.type !== 'object')).toEqual([]);
});

test('docs/mcp.md has each tool and its scope, and the call by hand is answered', async () => {
  const page = await readFile(join(import.meta.dirname, '../../../docs/mcp.md'), 'utf8');
  const rows = Array.from(
    page.matchAll(/^\| `(\w+)` \| .+ \| (?:`([\w:]+)`|any) \|$/gm),
    ([, name, scope]) => [name, scope],
  );
  expect(rows.toSorted()).toEqual(
    Object.entries(asked())
      .map(([name, { scope }]) => [name, scope])
      .toSorted(),
  );
  const [, body = ''] = /-d '(\{.*\})'/.exec(page) ?? [];
  const reply = await fetch(new URL('/mcp', app.url), {
    method: 'POST',
    headers: {
      authorization: `Bearer ${tenant.owner.client.token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body,
  });
  expect([reply.status, await reply.text()]).toEqual([200, expect.stringContaining(tenant.orgId)]);
});

/** What each tool takes, and the same asked of REST. */
const asked = (
  orgId = tenant.orgId,
): Readonly<
  Record<
    string,
    { readonly args?: object; readonly rest: readonly [string, string, object?]; readonly scope?: Scope }
  >
> => {
  const { teamId } = tenant;
  const incident = '01890a5d-ac96-774b-bcce-b302099a8057';
  return {
    whoami: { rest: ['GET', '/auth/whoami'] },
    list_teams: { rest: ['GET', `/organizations/${orgId}/teams`], scope: 'organization:read' },
    find_incidents: { rest: ['GET', `/organizations/${orgId}/incidents`], scope: 'incidents:read' },
    read_incident: {
      args: { incident_id: incident },
      rest: ['GET', `/incidents/${incident}`],
      scope: 'incidents:read',
    },
    report_incident: {
      args: { team_id: teamId, title: 'One' },
      rest: ['POST', `/teams/${teamId}/incidents`, { title: 'One' }],
      scope: 'incidents:write',
    },
    update_incident: {
      args: { incident_id: incident, status: 'closed' },
      rest: ['PUT', `/incidents/${incident}`, { status: 'closed' }],
      scope: 'incidents:write',
    },
    comment_on_incident: {
      args: { incident_id: incident, comment: 'x' },
      rest: ['POST', `/incidents/${incident}/comments`, { comment: 'x' }],
      scope: 'incidents:write',
    },
    find_agent_configs: {
      args: { team_id: teamId },
      rest: ['GET', `/teams/${teamId}/agent-configs`],
      scope: 'agent_configs:read',
    },
    effective_configuration: {
      args: { config_id: configId },
      rest: ['GET', `/agent-configs/${configId}/effective`],
      scope: 'configs:read',
    },
    propose_change: {
      args: { config_id: configId, base_version: 1, change: { max_retries: 9 }, reason: 'x' },
      rest: [
        'POST',
        `/agent-configs/${configId}/proposals`,
        { base_version: 1, change: { max_retries: 9 }, reason: 'x' },
      ],
      scope: 'agent_configs:propose',
    },
    query_stats: { rest: ['GET', `/organizations/${orgId}/stats`], scope: 'stats:read' },
    record_stat: {
      args: { team_id: teamId, metric_name: 'm', metric_type: 'gauge', value: 1 },
      rest: ['POST', `/teams/${teamId}/stats`, { metric_name: 'm', metric_type: 'gauge', value: 1 }],
      scope: 'stats:write',
    },
  };
};

/** Each tool, called by whoever has the token, does and is refused what REST does and refuses. */
async function expectAsRest(token: string, orgId?: string): Promise<void> {
  await using agent = await agentOf(token);
  for (const [name, { args, rest }] of Object.entries(asked(orgId))) {
    const [method, path, body] = rest;
    const reply = await app.clientOf(token).send(method, path, body);
    const { isError = false, content } = await agent.call(name, args);
    expect([name, isError], content[0]?.text).toEqual([name, reply.status >= 400]);
    if (isError) {
      expect(content[0]?.text.split(':')[0], name).toBe(reply.body.code);
    }
  }
}

describe('a tool', () => {
  test('is asked of here, each one', async () => {
    await using agent = await agentOf(await keyWith(scopes.filter((scope) => scope !== 'scim:write')));
    expect((await agent.tools()).toSorted()).toEqual(Object.keys(asked()).toSorted());
  });

  test.each(scopes.filter((scope) => scope !== 'scim:write'))(
    'is listed with the scope that it takes alone, and does what REST does: %s',
    async (scope) => {
      const key = await keyWith([scope]);
      await using agent = await agentOf(key);
      const listed = Object.entries(asked()).filter(
        ([, { scope: taken }]) => taken === undefined || taken === scope,
      );
      expect((await agent.tools()).toSorted()).toEqual(listed.map(([name]) => name).toSorted());
      await expectAsRest(key);
    },
  );

  test.each(['viewer', 'member', 'admin'] as const)('does for a %s what REST does', async (role) => {
    const { client } = await tenant.person(role);
    await expectAsRest(client.token ?? '');
  });

  test('does for a stranger what REST does', async () => {
    const { owner, orgId } = await newTenant(app);
    await expectAsRest(owner.client.token ?? '', orgId);
  });

  test('says what is wrong with what it is given, and nothing is written', async () => {
    const stranger = await newTenant(app);
    await using agent = await agentOf(await keyWith(['incidents:write', 'incidents:read'], stranger));
    const team_id = stranger.teamId;
    expect(await refused(agent.call('report_incident', { team_id, title: 'x', severity: 1 }))).toBe(
      'Arguments that do not fit: /severity is not a field of this request.',
    );
    expect(await refused(agent.call('report_incident', { team_id, title: 7 }))).toContain(
      '/title must be string',
    );
    expect(await refused(agent.call('drop_everything'))).toContain(
      'There is no tool drop_everything. There are: whoami',
    );
    expect((await done(agent.call('find_incidents')))['items']).toEqual([]);
  });
});

describe('whoever is nobody', () => {
  const initialize = {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'x', version: '1' } },
  };
  const post = (body: unknown, headers: Record<string, string>) =>
    fetch(new URL('/mcp', app.url), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const ofOwner = () => ({ authorization: `Bearer ${tenant.owner.client.token}` });

  test('is told where keys come from', async () => {
    for (const headers of [{}, { authorization: 'Bearer x' }, { authorization: 'Bearer brw_x' }]) {
      const reply = await post(initialize, headers as Record<string, string>);
      const url = `${app.url}/.well-known/oauth-protected-resource/mcp`;
      expect([reply.status, reply.headers.get('www-authenticate')]).toEqual([
        401,
        `Bearer resource_metadata="${url}"`,
      ]);
      expect(await (await fetch(url)).json()).toMatchObject({
        resource: `${app.url}/mcp`,
        bearer_methods_supported: ['header'],
      });
    }
  });

  test('gets nowhere once they are deactivated, whatever they ask', async () => {
    const { id, client } = await tenant.person('member');
    await tenant.owner.client.put(`/users/${id}`, { is_active: false });
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'whoami', arguments: {} } };
    for (const message of [initialize, call, { ...call, method: 'tools/list', params: {} }]) {
      const reply = await post(message, { authorization: `Bearer ${client.token}` });
      expect([message.method, reply.status]).toEqual([message.method, 401]);
      expect(reply.headers.get('www-authenticate')).toContain('resource_metadata');
    }
  });

  test('is no page of another origin', async () => {
    const reply = await post(initialize, { ...ofOwner(), origin: 'https://evil.example.com' });
    expect([reply.status, ((await reply.json()) as { code: string }).code]).toEqual([
      403,
      'auth.origin_forbidden',
    ]);
  });

  test('is answered by the protocol where it is not followed', async () => {
    const answers = await Promise.all(
      [
        '{"jsonrpc": ',
        '{"jsonrpc":"2.0","jsonrpc":"2.0","id":1,"method":"ping"}',
        '[]',
        '7',
        'null',
        '{}',
      ].map(async (body) => {
        const reply = await post(body, ofOwner());
        return [reply.status, ((await reply.json()) as { error: { code: number } }).error.code];
      }),
    );
    expect(answers.map(([status]) => status)).toEqual(answers.map(() => 400));
    expect(answers.every(([, code]) => [-32_700, -32_600].includes(code ?? 0))).toBe(true);
    const large = await post({ ...initialize, padding: 'x'.repeat(300_000) }, ofOwner());
    expect(large.status).toBe(413);
    const get = await fetch(new URL('/mcp', app.url), { headers: ofOwner() });
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
  });

  test('holds no stream open', async () => {
    const revision = '2026-07-28';
    const meta = (name: string) => `io.modelcontextprotocol/${name}`;
    const reply = await post(
      {
        jsonrpc: '2.0',
        id: 1,
        method: 'subscriptions/listen',
        params: {
          notifications: { toolsListChanged: true },
          _meta: {
            [meta('protocolVersion')]: revision,
            [meta('clientCapabilities')]: {},
            [meta('clientInfo')]: { name: 'x', version: '1' },
          },
        },
      },
      { ...ofOwner(), 'mcp-protocol-version': revision, 'mcp-method': 'subscriptions/listen' },
    );
    expect(await reply.json()).toMatchObject({ error: { code: -32_601 } });
  });
});

test('calls are counted by tool and outcome, and a request is logged once', async () => {
  await using agent = await agentOf(await keyWith(['stats:read']));
  await done(agent.call('query_stats'));
  await refused(agent.call('report_incident', { team_id: tenant.teamId, title: 'x' }));
  const texts = await Promise.all([app, other].map(({ app: { metrics } }) => metrics.registry.metrics()));
  const count = (tool: string, outcome: string) =>
    texts.reduce((sum, text) => {
      const [, n] =
        new RegExp(`mcp_tool_calls_total\\{tool="${tool}",outcome="${outcome}"\\} (\\d+)`).exec(text) ?? [];
      return sum + Number(n);
    }, 0);
  expect(count('query_stats', 'done')).toBeGreaterThan(0);
  expect(count('report_incident', 'refused')).toBeGreaterThan(0);
  const lines = app.log.filter(({ message }) => message === 'request served');
  const ids = lines.map(({ request_id: id }) => id);
  expect(ids.length).toBe(new Set(ids).size);
});
