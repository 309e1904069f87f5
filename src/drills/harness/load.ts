import { Agent } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type Method, type RequestResult, send } from './send.ts';
import { logIn, type Tenant } from './tenant.ts';

export interface LoadOptions {
  /** Where requests go; workers are spread over them. */
  readonly urls: readonly string[];
  readonly tenant: Tenant;
  /** Requests under way at once; 24 by default. Every fourth worker takes a new connection for each request. */
  readonly workers?: number;
  /** What each worker does in turn; `GET` and `POST` by default. A `PUT` changes an incident that was acknowledged. */
  readonly methods?: readonly Method[];
  /** How long a worker waits between two requests; 0 by default. */
  readonly pauseMs?: number;
  /** Told of every request that has ended. */
  readonly onResult?: (result: RequestResult) => void;
}

/** A stream of requests that create incidents, each with a title of its own, read and change them, and that knows what became of each. */
export interface Load {
  /** How many have ended so far. */
  readonly requests: number;
  readonly inFlight: number;
  /** The ids of incidents whose creation was acknowledged. */
  readonly acknowledged: readonly string[];
  /** Every request whose reply was no 2xx, or that got none. */
  readonly failures: readonly RequestResult[];
  /** Resolves once every request has ended. */
  stop(): Promise<void>;
}

/** Starts to send. The organization gets one incident first, so that there is one to read. */
export async function startLoad(options: LoadOptions): Promise<Load> {
  const { urls, tenant, workers = 24, methods = ['GET', 'POST'], pauseMs = 0, onResult } = options;
  const acknowledged: string[] = [];
  const failures: RequestResult[] = [];
  const counts = { requests: 0, inFlight: 0, sent: 0 };
  let isStopping = false;
  let headers = tenant.headers;
  let renewal: Promise<void> | undefined;

  /** As a client does whose session is over, after a restore. */
  const logInAnew = async (base: string): Promise<void> => {
    renewal ??= logIn(base, tenant)
      .then((token) => {
        headers = { ...headers, authorization: `Bearer ${token}` };
      })
      .catch(() => undefined)
      .finally(() => {
        renewal = undefined;
      });
    await renewal;
  };

  const one = async (base: string, method: Method, agent: Agent | false): Promise<RequestResult> => {
    const url =
      method === 'POST'
        ? `${base}/api/v1/teams/${tenant.teamId}/incidents`
        : `${base}/api/v1/incidents/${acknowledged[Math.floor(Math.random() * acknowledged.length)]}`;
    counts.sent += 1;
    const incident = { title: `Incident ${counts.sent}`, tags: ['drill'] };
    const body = method === 'GET' ? {} : { body: JSON.stringify(incident) };
    counts.inFlight += 1;
    const result = await send({ method, url, ...body, headers, agent });
    if (result.status === 401) {
      await logInAnew(base);
    }
    counts.inFlight -= 1;
    counts.requests += 1;
    if (result.status === undefined || result.status >= 300) {
      failures.push(result);
    } else if (method === 'POST') {
      acknowledged.push((JSON.parse(result.body) as { id: string }).id);
    }
    onResult?.(result);
    return result;
  };

  const first = urls[0] ?? '';
  const { status, error, body } = await one(first, 'POST', false);
  if (acknowledged.length === 0) {
    throw new Error(`${first} takes no incident: ${status ?? error} ${body}`);
  }

  const work = async (index: number): Promise<void> => {
    const agent = index % 4 === 0 ? false : new Agent({ keepAlive: true, maxSockets: 1 });
    for (let turn = index; !isStopping; turn += 1) {
      await one(urls[index % urls.length] ?? first, methods[turn % methods.length] ?? 'GET', agent);
      await (pauseMs > 0 ? delay(pauseMs) : undefined);
    }
    if (agent !== false) {
      agent.destroy();
    }
  };
  const working = Promise.all(Array.from({ length: workers }, (_, index) => work(index)));
  return {
    get requests() {
      return counts.requests;
    },
    get inFlight() {
      return counts.inFlight;
    },
    acknowledged,
    failures,
    async stop() {
      isStopping = true;
      await working;
    },
  };
}

/** Those that got no reply, not even a bad one: their connection was closed, reset or kept waiting. */
export const withoutReply = (failures: readonly RequestResult[]): readonly RequestResult[] =>
  failures.filter(({ status }) => status === undefined);

/** What failed and how often: `POST 502: 3, GET ECONNRESET: 1`; empty where nothing did. */
export function summarize(failures: readonly RequestResult[]): string {
  const kinds = Map.groupBy(failures, ({ method, status, error }) => `${method} ${status ?? error}`);
  return [...kinds].map(([kind, results]) => `${kind}: ${results.length}`).join(', ');
}
