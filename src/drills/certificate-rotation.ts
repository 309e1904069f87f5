import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runBrownie } from '../platform/programs/run-brownie.ts';
import { createInstance } from '../platform/programs/service-instance.ts';
import { certificatesOf } from '../platform/tls/certificate.ts';
import type { Drill, DrillHarness, Figure } from './drill.ts';
import { startLoad, summarize } from './harness/load.ts';
import { startTlsDatabase, type TlsDatabase } from './harness/mutual-tls.ts';
import { signUp } from './harness/tenant.ts';

/** In the order in which they overlap: what one side shows is trusted by the other at every moment. */
const steps = [
  ['client'],
  ['server', '--reload'],
  ['ca', '--reload'],
  ['client'],
  ['server', '--reload'],
  ['ca', '--finish', '--reload'],
] as const;

const demanded = { requestsPerSecond: 200, secondsUntilGone: 60 };

/** Rotates every certificate with the commands for it while a service on mutual TLS is busy. */
export const certificateRotation: Drill = {
  name: 'certificate-rotation',
  shows:
    'Client, server and authority are rotated under load: no request fails, and no connection of before is left.',
  programs: ['openssl'],
  async run({ directory, isFull, say }: DrillHarness): Promise<readonly Figure[]> {
    await using resources = new AsyncDisposableStack();
    const database = resources.use(await startTlsDatabase(directory));
    const { variables, certificates } = database;
    const service = resources.use(await createInstance({ name: 'api', directory, variables }));
    await service.launch();
    await service.ready();
    const load = await startLoad({
      urls: [service.url],
      tenant: await signUp(service.url),
      workers: 32,
      pauseMs: 70,
    });
    resources.defer(() => load.stop());
    const startedAt = performance.now();
    const seconds = (): number => (performance.now() - startedAt) / 1000;

    const secondsUntilGone: number[] = [];
    const share = (isFull ? 120 : 20) / steps.length;
    for (const [index, step] of steps.entries()) {
      await delay(Math.max(0, (index + 0.5) * share - seconds()) * 1000);
      await runBrownie(['certs', 'rotate', ...step, '--directory', certificates], { variables, directory });
      if (step[0] === 'client') {
        secondsUntilGone.push(await waitUntilGone(database));
      }
      say(`certs rotate ${step.join(' ')}: after ${seconds().toFixed(1)} s and ${load.requests} requests`);
    }
    await delay(Math.max(0, (isFull ? 120 : 20) - seconds()) * 1000);
    const duration = seconds();
    await load.stop();
    if (load.failures.length > 0) {
      say(summarize(load.failures));
    }
    return [
      { name: 'rotations', value: steps.length, unit: 'commands', atLeast: 6 },
      {
        name: 'load',
        value: load.requests / duration,
        unit: 'requests/s',
        ...(isFull ? { atLeast: demanded.requestsPerSecond } : {}),
      },
      { name: 'requests', value: load.requests, unit: 'requests', atLeast: 1 },
      { name: 'failed', value: load.failures.length, unit: 'requests', atMost: 0 },
      {
        name: 'old client certificate gone from pg_stat_ssl after',
        value: Math.max(...secondsUntilGone),
        unit: 's',
        atMost: demanded.secondsUntilGone,
      },
      {
        name: 'connections with a certificate of before',
        value: await outdated(database),
        unit: 'connections',
        atMost: 0,
      },
    ];
  },
};

/** Seconds until no connection of the service shows another certificate than the one in the folder. */
async function waitUntilGone(database: TlsDatabase): Promise<number> {
  const startedAt = performance.now();
  while ((await outdated(database)) > 0) {
    if (performance.now() - startedAt > 2 * demanded.secondsUntilGone * 1000) {
      break;
    }
    await delay(100);
  }
  return (performance.now() - startedAt) / 1000;
}

/** Connections of the service whose client certificate is not the one in the folder. */
async function outdated({ certificates, query }: TlsDatabase): Promise<number> {
  const [current] = certificatesOf(await readFile(join(certificates, 'client.crt'), 'utf8'));
  const serial = BigInt(`0x${current.serialNumber}`).toString();
  const [row] = await query<{ outdated: number; current: number }>(
    `select count(*) filter (where client_serial is distinct from ${serial})::int as outdated,
            count(*) filter (where client_serial = ${serial})::int as current
     from pg_stat_ssl join pg_stat_activity using (pid) where usename = 'brownie_service'`,
  );
  // @NOTE where there is no connection at all, none has been renewed yet.
  return row === undefined || row.current === 0 ? Number.POSITIVE_INFINITY : row.outdated;
}
