import { rows } from './requests/catalogue.ts';
import { openStage } from './requests/stage.ts';
import { startService } from './requests/subjects.ts';
import { type Served, wrk } from './requests/wrk.ts';

/** How long a look-up takes while as many log in as the machine can hash passwords for, and more. */
const seconds = 15;
const storm = 64;

await using resources = new AsyncDisposableStack();
const stage = resources.use(await openStage());
const service = await startService('service', { incidents: 1_000 }, stage, resources);
const send = (name: string, connections: number, durationSeconds: number): Promise<Served> => {
  const requests = rows.find((row) => row.name === name)?.requests?.(service) ?? [];
  return wrk(service.url, requests, { connections, seconds: durationSeconds, directory: stage.directory });
};

await send('me', 4, 3);
const idle = await send('me', 1, seconds);
const logins = send('login', storm, seconds + 2);
const during = await send('me', 1, seconds);
const { good, bad, seconds: taken } = await logins;

const times = ({ p50Ms, p99Ms }: Served): string =>
  `median ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`;
process.stdout.write(`GET /api/v1/auth/me by one client that asks again at once, ${seconds} s each
  alone: ${times(idle)}
  while ${storm} clients log in: ${times(during)}; p99 ${(during.p99Ms / idle.p99Ms).toFixed(1)} times of that alone
  logins: ${(good / taken).toFixed(0)} a second, ${(bad / taken).toFixed(0)} a second refused
`);
