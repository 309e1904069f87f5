import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { launch } from '../../src/platform/programs/launch.ts';
import { runFile } from '../../src/platform/programs/run-to-end.ts';
import { isOk } from '../../src/platform/programs/service-instance.ts';
import { freePort } from '../../src/platform/system/free-port.ts';
import { fill, type Owner, readIds } from './dataset.ts';
import { forgetPeaks, peakResidentBytes } from './process-tree.ts';
import type { Dsns, Stage } from './stage.ts';

/** A server under load. */
export interface Subject {
  readonly url: string;
  /** Of the process that all others of it descend from. */
  readonly pid: number;
}

/** A running service, and what there is to ask it for. */
export interface Service extends Subject, Owner {
  readonly token: string;
  readonly login: { readonly email: string; readonly password: string };
  readonly dsns: Dsns;
  readonly ids: Awaited<ReturnType<typeof readIds>>;
  /** Where page 1,000 of the incidents begins, or the last one of a shorter list. */
  readonly farCursor: string;
  /** What was resident of it before anybody asked. */
  readonly idleResidentBytes: number;
}

const root = join(import.meta.dirname, '../..');
const startTimeoutMs = 60_000;

/** Starts what the service is measured against. */
export async function startFloor(
  kind: 'http' | 'fastify',
  dsn: string,
  { directory }: Stage,
  resources: AsyncDisposableStack,
): Promise<Subject> {
  const logFile = join(directory, `${kind}.log`);
  const child = await launch(process.execPath, [join(root, 'bench/floor-server.ts'), kind, dsn], { logFile });
  resources.defer(async () => void (await child.end('SIGTERM')));
  const hasSpoken = async (): Promise<boolean> => (await readFile(logFile, 'utf8')).endsWith('\n');
  if ((await child.untilReady(hasSpoken, startTimeoutMs)) !== 'ready') {
    throw new Error(`the floor ${kind} does not start:\n${await child.logTail()}`);
  }
  return { url: (await readFile(logFile, 'utf8')).trim(), pid: child.pid };
}

export interface ServiceOptions {
  /** Whose service it is. */
  readonly checkout?: string;
  readonly incidents: number;
  /** Settings beside the usual ones. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Migrates a database of its own, starts `brownie serve` in production settings on it, and fills it. */
export async function startService(
  name: string,
  { checkout = root, incidents, environment: more = {} }: ServiceOptions,
  stage: Stage,
  resources: AsyncDisposableStack,
): Promise<Service> {
  const dsns = await stage.createDatabase(name);
  const [port, operationsPort] = [await freePort(), await freePort()];
  const environment = {
    METADATA_ENVIRONMENT: 'production',
    METADATA_POSTGRES_DSN: dsns.service,
    METADATA_POSTGRES_MIGRATION_DSN: dsns.owner,
    METADATA_JWT_SECRET: 'bXQ3c1RrN2hWcE9yWjRhTnlKdUw4ZkdxRDZlQ2lXMHM',
    // Longer than a benchmark takes.
    METADATA_JWT_EXPIRES_MINUTES: '1440',
    METADATA_HOST: '127.0.0.1',
    METADATA_PORT: String(port),
    METADATA_OPS_PORT: String(operationsPort),
    METADATA_DRAIN_SECONDS: '0',
    ...more,
  };
  const brownie = join(checkout, 'bin/brownie');
  const migrated = await runFile(brownie, ['migrate'], { environment, directory: stage.directory });
  if (migrated.code !== 0) {
    throw new Error(`${name}: brownie migrate ended with ${migrated.code}\n${migrated.stderr}`);
  }
  const logFile = join(stage.directory, `${name}.log`);
  const child = await launch(brownie, ['serve'], { environment, directory: stage.directory, logFile });
  resources.defer(async () => void (await child.end('SIGTERM')));
  const url = `http://127.0.0.1:${port}`;
  if ((await child.untilReady(() => isOk(`${url}/health/ready`), startTimeoutMs)) !== 'ready') {
    throw new Error(`${name} does not start:\n${await child.logTail()}`);
  }
  await forgetPeaks(child.pid);
  const idleResidentBytes = await peakResidentBytes(child.pid);
  const { token, login, ...owner } = await signUp(url);
  await fill(dsns.superuser, owner, incidents);
  const ids = await readIds(dsns.owner, owner);
  const farCursor = await walk(`${url}/api/v1/teams/${owner.teamId}/incidents`, token);
  return { url, pid: child.pid, ...owner, token, login, dsns, ids, farCursor, idleResidentBytes };
}

async function signUp(url: string) {
  const login = { email: 'ada@example.com', password: 'correct-horse-battery-staple' };
  const body = { ...login, username: 'ada', organization_name: 'Acme', team_name: 'Platform' };
  const { access_token: token } = await json<{ access_token: string }>(`${url}/api/v1/auth/signup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const me = await json<{ id: string; org_id: string; team_id: string }>(`${url}/api/v1/auth/me`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return { token, login, userId: me.id, orgId: me.org_id, teamId: me.team_id };
}

/** The cursor after 999 pages of 20 rows, or the last there is. */
async function walk(list: string, token: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}` };
  let cursor = '';
  for (const limit of [...Array.from({ length: 199 }, () => 100), 80]) {
    const query = cursor === '' ? '' : `&cursor=${cursor}`;
    const page = await json<{ next_cursor: string | null }>(`${list}?limit=${limit}${query}`, { headers });
    if (page.next_cursor === null) {
      break;
    }
    cursor = page.next_cursor;
  }
  return cursor;
}

async function json<Reply>(url: string, init: RequestInit): Promise<Reply> {
  const reply = await fetch(url, init);
  if (!reply.ok) {
    throw new Error(`${url} answers ${reply.status}: ${await reply.text()}`);
  }
  return (await reply.json()) as Reply;
}
