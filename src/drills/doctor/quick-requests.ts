import { signUp } from '../harness/tenant.ts';
import type { Scene } from './fault.ts';

/** Few enough that the slow requests of a later fault are not lost among them, however often they are sent. */
const requests = 30;

/** Has requests answered one after the other: what an instance was slow in when it started then weighs less. */
export async function sendQuickRequests(scene: Scene): Promise<void> {
  const url = `http://${scene.variables['METADATA_HOST']}:${scene.variables['METADATA_PORT']}`;
  const { teamId, headers } = await signUp(url);
  for (let sent = 0; sent < requests; sent += 1) {
    await fetch(`${url}/api/v1/teams/${teamId}/incidents`, { headers }).then((reply) => reply.text());
  }
}
