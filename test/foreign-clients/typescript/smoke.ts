// Calls the service by the client that each generator makes: who calls, what is made, what a list and an error say. Each prints a line.
import createClient from 'openapi-fetch';
import { client as heyApiClient } from './hey-api/client.gen.ts';
import * as heyApi from './hey-api/index.ts';
import type { paths } from './openapi-typescript/schema.ts';
import * as orval from './orval/client.ts';

const baseUrl = process.env.BROWNIE_URL ?? '';
const token = process.env.BROWNIE_TOKEN ?? '';
const headers = { authorization: `Bearer ${token}` };
const body = { title: 'Checkout answers 502', priority: 'high' } as const;

async function byOpenapiTypescript(): Promise<void> {
  const client = createClient<paths>({ baseUrl, headers });
  const me = await client.GET('/api/v1/auth/whoami');
  const team_id = me.data?.teams[0]?.id ?? '';
  const path = { team_id };
  // @NOTE its types ask for what has a default, too.
  const made = await client.POST('/api/v1/teams/{team_id}/incidents', {
    params: { path },
    body: { ...body } as never,
  });
  const listed = await client.GET('/api/v1/teams/{team_id}/incidents', {
    params: { path, query: { q: 'checkout' } },
  });
  const none = await client.GET('/api/v1/incidents/{incident_id}', {
    params: { path: { incident_id: team_id } },
  });
  tell(
    'openapi-typescript',
    me.data?.username,
    made.data?.status,
    listed.data?.items.length,
    none.error?.code,
  );
}

async function byHeyApi(): Promise<void> {
  heyApiClient.setConfig({ baseUrl, auth: token });
  const me = await heyApi.whoAmI();
  const team_id = me.data?.teams[0]?.id ?? '';
  const made = await heyApi.createIncident({ path: { team_id }, body });
  const listed = await heyApi.listIncidents({ path: { team_id }, query: { q: 'checkout' } });
  const none = await heyApi.getIncident({ path: { incident_id: team_id } });
  tell('hey-api', me.data?.username, made.data?.status, listed.data?.items.length, none.error?.code);
}

async function byOrval(): Promise<void> {
  const me = await orval.whoAmI({ headers });
  if (me.status !== 200) {
    throw new Error(me.data.detail);
  }
  const team = me.data.teams[0]?.id ?? '';
  const made = await orval.createIncident(team, body, { headers });
  const listed = await orval.listIncidents(team, { q: 'checkout' }, { headers });
  const none = await orval.getIncident(team, undefined, { headers });
  tell(
    'orval',
    me.data.username,
    made.status === 200 ? made.data.status : made.data.code,
    listed.status === 200 ? listed.data.items.length : listed.data.code,
    none.status === 404 ? none.data.code : none.status,
  );
}

const tell = (...words: readonly unknown[]): unknown => process.stdout.write(`${words.join(' ')}\n`);

await byOpenapiTypescript();
await byHeyApi();
await byOrval();
