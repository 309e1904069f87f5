import { randomUUID } from 'node:crypto';

/** Somebody who may do everything in an organization of their own. */
export interface Tenant {
  readonly organizationId: string;
  readonly teamId: string;
  /** Of the one who signed up. */
  readonly email: string;
  readonly headers: Readonly<Record<string, string>>;
}

const json = { 'content-type': 'application/json' };
const password = 'correct-horse-battery-staple';

/** Signs up at an instance. The token lives an hour. */
export async function signUp(url: string): Promise<Tenant> {
  const name = `drill-${randomUUID().slice(0, 8)}`;
  const email = `${name}@example.com`;
  const { access_token: token } = await call<{ access_token: string }>(`${url}/api/v1/auth/signup`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({
      email,
      username: name,
      password,
      organization_name: name,
      team_name: 'Drill',
    }),
  });
  const headers = { ...json, authorization: `Bearer ${token}` };
  const me = await call<{ org_id: string; team_id: string }>(`${url}/api/v1/auth/me`, { headers });
  return { organizationId: me.org_id, teamId: me.team_id, email, headers };
}

/** Logs in at an instance; answers the token. */
export async function logIn(url: string, { email }: Pick<Tenant, 'email'>): Promise<string> {
  const { access_token: token } = await call<{ access_token: string }>(`${url}/api/v1/auth/login`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ email, password }),
  });
  return token;
}

async function call<Body>(url: string, init: RequestInit): Promise<Body> {
  const reply = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000) });
  if (!reply.ok) {
    throw new Error(`${url} answered ${reply.status}: ${await reply.text()}`);
  }
  return (await reply.json()) as Body;
}
