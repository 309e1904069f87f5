import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { percentile } from './load.ts';
import { rows } from './requests/catalogue.ts';
import { residentBytes } from './requests/process-tree.ts';
import { openStage } from './requests/stage.ts';
import { startService } from './requests/subjects.ts';
import { wrk } from './requests/wrk.ts';

/** The memory of the service and its parent while it serves a thousand requests a second, `-- --minutes N`. */
export async function measureMemory(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { minutes: { type: 'string', default: '10' } } });
  const minutes = Number(values.minutes);
  await using resources = new AsyncDisposableStack();
  const stage = resources.use(await openStage());
  const service = await startService('service', { incidents: 20_000 }, stage, resources);
  // Reads of each kind, and a write among nine.
  const mix = ['user', 'me', 'incident', 'incidents', 'users', 'stats', 'audit', 'me', 'create'];
  const requests = Array.from({ length: 900 }, (_, index) => {
    const kind = rows.find(({ name }) => name === mix[index % mix.length])?.requests?.(service) ?? [];
    return kind.slice(index % kind.length, (index % kind.length) + 1);
  }).flat();
  // 32 clients that wait 30 ms after each answer: a thousand requests a second where an answer takes 2 ms.
  const load = { connections: 32, seconds: minutes * 60, directory: stage.directory, pauseMs: 30 };
  const work = wrk(service.url, requests, load);
  const samples: number[] = [];
  for (let minute = 1; minute <= minutes; minute++) {
    const ofMinute: number[] = [];
    while (ofMinute.length < 30) {
      await delay(2_000);
      ofMinute.push((await residentBytes(service.pid)) / 2 ** 20);
    }
    samples.push(percentile(ofMinute, 0.5));
    process.stdout.write(
      `minute ${minute}: ${samples.at(-1)?.toFixed(0)} MiB, at most ${Math.max(...ofMinute).toFixed(0)}\n`,
    );
  }
  const { good, bad, seconds } = await work;
  const [, second = Number.NaN] = samples;
  process.stdout.write(
    `${(good / seconds).toFixed(0)} requests a second, ${bad} refused; the last minute's median is ` +
      `${((samples.at(-1) ?? Number.NaN) / second).toFixed(3)} of the second's\n`,
  );
}
