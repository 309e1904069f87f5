import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as EarlierClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as EarlierTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keyOf } from '../harness/api-key.ts';
import { startApp, type TestApp } from '../harness/app.ts';
import { newTenant, type Tenant } from '../harness/tenant.ts';

let app: TestApp;
let tenant: Tenant;
let key: string;
const brownie = join(import.meta.dirname, '../../bin/brownie.cjs');

beforeAll(async () => {
  app = await startApp();
  tenant = await newTenant(app);
  const { orgId, owner } = tenant;
  ({ key } = await keyOf(app.superuser, {
    orgId,
    userId: owner.id,
    scopes: ['incidents:read', 'incidents:write'],
  }));
});
afterAll(() => app[Symbol.asyncDispose]());

/** As a client is configured by docs/mcp.md. */
const started = (url = app.url, given = key) => ({
  command: process.execPath,
  args: [brownie, 'mcp', '--url', url],
  env: { BROWNIE_API_KEY: given },
});
const info = { name: 'test', version: '1' };

const kinds = ['2.x, its default', '2.x, revision 2026-07-28', '1.x'] as const;
async function connected(kind: (typeof kinds)[number]): Promise<Client | EarlierClient> {
  if (kind === '1.x') {
    const earlier = new EarlierClient(info);
    await earlier.connect(new EarlierTransport(started()));
    return earlier;
  }
  const modern = new Client(
    info,
    kind === '2.x, its default' ? {} : { versionNegotiation: { mode: { pin: '2026-07-28' } } },
  );
  await modern.connect(new StdioClientTransport(started()));
  return modern;
}

test.each(kinds)('a client that starts a process deals with an incident: %s', async (kind) => {
  const client = await connected(kind);
  try {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain('report_incident');
    const call = async (name: string, given: Record<string, unknown>) => {
      const { structuredContent, isError, content } = await client.callTool({ name, arguments: given });
      expect([isError ?? false, content]).toEqual([false, expect.anything()]);
      return structuredContent as { id: string; version: number; status: string };
    };
    const title = `Le disque est plein — ${kind}`;
    const { id, version } = await call('report_incident', { team_id: tenant.teamId, title });
    const all = Array.from({ length: 5 }, (_, n) =>
      call('comment_on_incident', { incident_id: id, comment: `Pool ${n} is exhausted` }),
    );
    expect(new Set((await Promise.all(all)).map((comment) => comment.id)).size).toBe(5);
    const { status } = await call('update_incident', { incident_id: id, version, status: 'resolved' });
    expect(status).toBe('resolved');
    const { contents } = await client.readResource({ uri: `brownie://incidents/${id}` });
    expect(JSON.stringify(contents)).toContain('Le disque est plein');
  } finally {
    await client.close();
  }
});

test.each([
  ['a key that is none', () => started(app.url, 'brw_none'), 'auth.unauthenticated'],
  ['a service that is not there', () => started('http://127.0.0.1:1'), 'does not answer'],
] as const)('%s is told in words', async (_, options, words) => {
  const client = new EarlierClient(info);
  await expect(client.connect(new EarlierTransport(options()))).rejects.toThrow(words);
});
