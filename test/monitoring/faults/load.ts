import { setTimeout as delay } from 'node:timers/promises';

/** A client that goes on until it is told to stop, whatever the service answers. */
export interface Load extends AsyncDisposable {
  /** How often each status was answered; 0 is no answer. */
  readonly statuses: ReadonlyMap<number, number>;
}

export interface LoadOptions {
  readonly request: () => Promise<Response>;
  readonly clients: number;
  /** Between the end of a request and the next, in milliseconds. */
  readonly pauseMs: number;
}

/** Sends requests on as many clients until disposed of. */
export function startLoad({ request, clients, pauseMs }: LoadOptions): Load {
  const statuses = new Map<number, number>();
  let isOver = false;
  const run = async (): Promise<void> => {
    while (!isOver) {
      const status = await request().then(
        async (reply) => {
          await reply.arrayBuffer();
          return reply.status;
        },
        () => 0,
      );
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      await delay(pauseMs);
    }
  };
  const running = Array.from({ length: clients }, run);
  return {
    statuses,
    async [Symbol.asyncDispose]() {
      isOver = true;
      await Promise.all(running);
    },
  };
}
