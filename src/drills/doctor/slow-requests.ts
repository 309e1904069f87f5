import { setTimeout as delay } from 'node:timers/promises';
import { signUp } from '../harness/tenant.ts';
import type { Injected, Scene } from './fault.ts';

/** More than what an alert wants to see before it says anything. */
const requests = 24;
/** Fewer than the pool has connections: they wait for the lock, not for each other. */
const atOnce = 8;
/** Above what the guide allows the 95th percentile to be, below how long the service waits for a lock. */
const holdMs = 1_600;

/** Makes most requests that the service has had slow: they wait for a lock. There is no way back but a restart. */
export async function makeRequestsSlow(scene: Scene): Promise<Injected> {
  const url = `http://${scene.variables['METADATA_HOST']}:${scene.variables['METADATA_PORT']}`;
  const { teamId, headers } = await signUp(url);
  const holder = await scene.connect('owner');
  const read = () =>
    fetch(`${url}/api/v1/teams/${teamId}/incidents`, { headers }).then((reply) => reply.text());
  try {
    for (let sent = 0; sent < requests; sent += atOnce) {
      await holder.query('begin; lock table incidents in access exclusive mode');
      const waiting = Array.from({ length: atOnce }, read);
      await delay(holdMs);
      await holder.query('commit');
      await Promise.all(waiting);
    }
  } finally {
    await holder.end();
  }
  return {};
}
