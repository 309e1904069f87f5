import { Agent } from 'node:http';
import { type RequestResult, send } from './send.ts';
import type { Tenant } from './tenant.ts';

export interface ReadPairsOptions {
  /** Of instances: what is changed at one is read at the next. */
  readonly urls: readonly string[];
  readonly tenant: Tenant;
  readonly count: number;
}

export interface ReadPairs {
  /** Reads that did not show what had been acknowledged before. */
  readonly stale: number;
  /** Requests of either kind that failed. */
  readonly failed: number;
  readonly seconds: number;
}

const workers = 8;

/** Creates or changes an incident, and reads it, over and over; every third read brings the position of the change with it. */
export async function readPairs({ urls, tenant, count }: ReadPairsOptions): Promise<ReadPairs> {
  const startedAt = performance.now();
  const counts = { begun: 0, fresh: 0, stale: 0, failed: 0 };
  const work = async (): Promise<void> => {
    const agent = new Agent({ keepAlive: true });
    let id: string | undefined;
    while (counts.begun < count) {
      counts.begun += 1;
      const [pair, from] = [counts.begun, urls[counts.begun % urls.length] ?? ''];
      const to = urls[(pair + 1) % urls.length] ?? '';
      const title = `Pair ${pair}`;
      const isNew = id === undefined || pair % 2 === 0;
      const written = await send({
        method: isNew ? 'POST' : 'PUT',
        url: `${from}/api/v1/${isNew ? `teams/${tenant.teamId}/incidents` : `incidents/${id}`}`,
        headers: tenant.headers,
        body: JSON.stringify({ title }),
        agent,
      });
      if (written.status !== 200 || written.position === undefined) {
        counts.failed += 1;
        continue;
      }
      id = (JSON.parse(written.body) as { id: string }).id;
      const position = pair % 3 === 0 ? written.position : undefined;
      const read = await send({
        method: 'GET',
        url: `${to}/api/v1/incidents/${id}`,
        headers: { ...tenant.headers, ...(position === undefined ? {} : { 'brownie-position': position }) },
        agent,
      });
      counts[outcomeOf(read, title)] += 1;
    }
    agent.destroy();
  };
  await Promise.all(Array.from({ length: workers }, work));
  const { stale, failed } = counts;
  return { stale, failed, seconds: (performance.now() - startedAt) / 1_000 };
}

function outcomeOf({ status, body }: RequestResult, title: string): 'stale' | 'failed' | 'fresh' {
  if (status === 404) {
    return 'stale';
  }
  if (status !== 200) {
    return 'failed';
  }
  return (JSON.parse(body) as { title: string }).title === title ? 'fresh' : 'stale';
}
