import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One answer of a probe. */
export interface Sample {
  /** Since the probes began, in milliseconds. */
  readonly at: number;
  readonly status: number;
  /** What the document says of itself: `healthy`, `degraded`, `unhealthy`. */
  readonly word: string;
  readonly ms: number;
}

export interface Probes {
  /** The answers of an address so far, in the order in which they were asked. */
  samples(path: string): readonly Sample[];
  /** Of a server that does nothing, asked at the same moments: what this machine costs. */
  floor(): readonly Sample[];
  /** Now, on the clock of the samples. */
  now(): number;
  stop(): Promise<void>;
}

const timeoutMs = 5_000;

async function ask(url: string, origin: number): Promise<Sample> {
  const startedAt = performance.now();
  const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) }).then(
    async (reply) => ({
      status: reply.status,
      word: ((await reply.json()) as { status?: string }).status ?? '',
    }),
    () => ({ status: 0, word: 'no answer' }),
  );
  return { at: startedAt - origin, ...answer, ms: performance.now() - startedAt };
}

/**
 * Asks each address every so many milliseconds, whatever the last answer takes, as a load balancer does; and a server
 * that does nothing as often as the address that is asked most.
 */
export async function startProbes(
  service: string,
  everyMs: Readonly<Record<string, number>>,
): Promise<Probes> {
  const idle = createServer((_request, reply) => reply.end('{}'));
  await new Promise<void>((resolve) => {
    idle.listen(0, '127.0.0.1', resolve);
  });
  const targets = new Map(
    Object.entries(everyMs).map(([path, every]) => [path, { url: `${service}${path}`, every }]),
  );
  targets.set('floor', {
    url: `http://127.0.0.1:${(idle.address() as AddressInfo).port}/`,
    every: Math.min(...Object.values(everyMs)),
  });
  const origin = performance.now();
  const answers = new Map<string, Promise<Sample>[]>([...targets.keys()].map((name) => [name, []]));
  const settled = new Map<string, Sample[]>([...targets.keys()].map((name) => [name, []]));
  const probe = (name: string, url: string): void => {
    const answer = ask(url, origin);
    answers.get(name)?.push(answer);
    answer.then((sample) => settled.get(name)?.push(sample));
  };
  // @NOTE one after the other: asked in one breath, each would wait for what the client has to do for the others.
  const timers = [...targets].map(([name, { url, every }], index) =>
    setTimeout(() => timers.push(setInterval(() => probe(name, url), every)), (index * every) / targets.size),
  );
  return {
    samples: (path) => settled.get(path) ?? [],
    floor: () => settled.get('floor') ?? [],
    now: () => performance.now() - origin,
    async stop() {
      for (const timer of timers) {
        clearInterval(timer);
      }
      await Promise.all([...answers.values()].flat());
      idle.close();
      idle.closeAllConnections();
    },
  };
}

/** A percentile of what answers took, in milliseconds. */
export function percentile(samples: readonly Sample[], share: number): number {
  const sorted = samples.map(({ ms }) => ms).toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** What the answers said, one after the other, each once for as long as it held. */
export const phases = (samples: readonly Sample[]): readonly string[] =>
  samples.map(({ word }) => word).filter((word, index, all) => word !== all[index - 1]);
