import { setTimeout as delay } from 'node:timers/promises';
import type { ServerProcess } from './server-process.ts';

/** A server that is started again whenever it ends, until it is stopped. */
interface Supervision {
  stop(): Promise<void>;
}

const pauseMinMs = 100;
const pauseMaxMs = 30_000;
const steadyMs = 60_000;

/**
 * Keeps a server running. It never gives up, because what ended the server may pass (a full disk, a lack of
 * memory); the pause between attempts doubles up to 30 s, and is short again after a minute of steady running.
 * @param restart starts another one; its rejection counts as an attempt
 */
export function supervise(
  first: ServerProcess,
  restart: () => Promise<ServerProcess>,
  log: (message: string) => void,
): Supervision {
  const stopping = new AbortController();
  let current: ServerProcess | undefined = first;

  const watch = async () => {
    let pauseMs = pauseMinMs;
    while (!stopping.signal.aborted) {
      const since = performance.now();
      const how = await current?.ended;
      if (stopping.signal.aborted) {
        return;
      }
      if (how !== undefined) {
        log(`PostgreSQL ended unexpectedly (${how}); starting it again`);
      }
      if (how !== undefined && performance.now() - since > steadyMs) {
        pauseMs = pauseMinMs;
      }
      // @NOTE Does not keep the process alive: a service that ends takes its server with it.
      await delay(pauseMs, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
      pauseMs = Math.min(2 * pauseMs, pauseMaxMs);
      if (stopping.signal.aborted) {
        return;
      }
      current = await restart().catch((error: unknown) => {
        log(error instanceof Error ? error.message : String(error));
        return undefined;
      });
    }
  };
  const watching = watch();
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    stopping.abort();
    await Promise.all([current?.stop(), watching]);
    // @NOTE One more may have been started while the attempt was already under way.
    await current?.stop();
  };
  return {
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}
