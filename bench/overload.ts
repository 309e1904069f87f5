import { setTimeout as delay } from 'node:timers/promises';
import { load, percentile, startSubject, timeOf } from './load.ts';
import { openStage, signUp } from './stage.ts';

/** Ten times as many clients as the service has connections to its database, none of which waits before it asks again. */
const seconds = 10;
const atCapacity = 50;
const atOverload = 10 * atCapacity;

await using stage = await openStage();
await using service = await startSubject('full', stage.serviceDsn, stage.logFile);
const { id, token } = await signUp(service.url);
const url = `${service.url}/api/v1/users/${id}`;

/** Asks for liveness as a kubelet does, each time on a connection of its own, while `work` lasts; milliseconds. */
async function probeDuring(
  work: Promise<unknown>,
): Promise<{ readonly own: number[]; readonly shared: number[] }> {
  const own: Promise<number>[] = [];
  const shared: Promise<number>[] = [];
  let isOn = true;
  work.finally(() => {
    isOn = false;
  });
  while (isOn) {
    own.push(timeOf(`${service.operationsUrl}/health/live`, { connection: 'close' }));
    shared.push(timeOf(`${service.url}/health/live`, { connection: 'close' }));
    await delay(50);
  }
  return { own: await Promise.all(own), shared: await Promise.all(shared) };
}

const underLoad = async (connections: number) => {
  const work = load(url, token, { connections, seconds });
  const probes = await probeDuring(work);
  return { ...(await work), probes };
};

await load(url, token, { connections: atCapacity, seconds: 3 });
const capacity = await underLoad(atCapacity);
const overload = await underLoad(atOverload);
const after = await timeOf(url, { authorization: `Bearer ${token}` });

const times = (probes: readonly number[]): string =>
  [0.5, 0.99, 1].map((share) => `${percentile(probes, share).toFixed(0)} ms`).join(', ');
const line = (name: string, { good, bad, probes }: typeof capacity): string =>
  `  ${name}: ${good.toFixed(0)} a second answered, ${bad.toFixed(0)} refused\n` +
  `    /health/live, median, p99, slowest: on the operators' port ${times(probes.own)}; on the API's ${times(probes.shared)}\n`;
process.stdout.write(
  `GET /api/v1/users/{id} for ${seconds} s each, by clients that ask again at once\n` +
    line(`${atCapacity} clients`, capacity) +
    line(`${atOverload} clients`, overload) +
    `  goodput under ten times the clients: ${(overload.good / capacity.good).toFixed(2)} of the capacity\n` +
    `  first answer after the load: ${after.toFixed(0)} ms\n`,
);
