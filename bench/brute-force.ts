import { setTimeout as delay } from 'node:timers/promises';
import { rows } from './requests/catalogue.ts';
import { openStage } from './requests/stage.ts';
import { type Service, startService } from './requests/subjects.ts';
import { type Request, type Served, wrk } from './requests/wrk.ts';

/** What everybody else notices of 200 wrong logins a second, and whether the right one gets in. */
const attackSeconds = 20;
/** So many clients that wait between attempts: 200 a second, less what the answers take. */
const clients = 100;
const pauseMs = 500;
const ownerAddress = '203.0.113.7';
const api = '/api/v1';

const wrong = (email: string, address: string): Request => ({
  method: 'POST',
  path: `${api}/auth/login`,
  body: { email, password: 'not the passphrase of this account' },
  address,
});
const addressOf = (index: number): string => `198.18.${index >> 8}.${index & 255}`;

/** From the cheapest attack to the dearest: the last one has every attempt verified. */
const attacks: Readonly<Record<string, (email: string) => readonly Request[]>> = {
  'one address, one account': (email) => [wrong(email, addressOf(0))],
  '1,000 addresses, one account': (email) =>
    Array.from({ length: 1_000 }, (_, index) => wrong(email, addressOf(index))),
  '1,000 addresses, 1,000 accounts': () =>
    Array.from({ length: 1_000 }, (_, index) => wrong(`nobody-${index}@example.com`, addressOf(index))),
};

async function rightLogin({ url, login }: Service): Promise<number> {
  const reply = await fetch(`${url}${api}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': ownerAddress },
    body: JSON.stringify(login),
  });
  await reply.arrayBuffer();
  return reply.status;
}

/** The right login about once a second, from the address that its owner has; the next one when there is an answer. */
async function rightLogins(service: Service): Promise<readonly number[]> {
  const statuses: number[] = [];
  const endAt = performance.now() + attackSeconds * 1_000;
  while (statuses.length < 20 && performance.now() < endAt) {
    const [status] = await Promise.all([rightLogin(service), delay(900)]);
    statuses.push(status);
  }
  return statuses;
}

await using resources = new AsyncDisposableStack();
const stage = resources.use(await openStage());
const service = await startService(
  'service',
  { incidents: 1_000, environment: { METADATA_TRUSTED_PROXIES: '["127.0.0.1"]' } },
  stage,
  resources,
);
const { directory } = stage;
const me = rows.find(({ name }) => name === 'me')?.requests?.(service) ?? [];
const lookUps = (seconds: number) => wrk(service.url, me, { connections: 1, seconds, directory });

await lookUps(3);
const first = await rightLogin(service);
if (first !== 200) {
  throw new Error(`the right login is answered ${first} while nobody attacks`);
}
const idle = await lookUps(attackSeconds);
const times = ({ p50Ms, p99Ms }: Served): string =>
  `median ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`;
process.stdout.write(
  `GET /api/v1/auth/me by one client that asks again at once, ${attackSeconds} s each\n  alone: ${times(idle)}\n`,
);
for (const [name, requestsOf] of Object.entries(attacks)) {
  const requests = requestsOf(service.login.email);
  const attack = wrk(service.url, requests, {
    connections: clients,
    seconds: attackSeconds + 1,
    directory,
    pauseMs,
  });
  const [during, logins] = await Promise.all([lookUps(attackSeconds), rightLogins(service)]);
  const { bad, seconds } = await attack;
  const letIn = logins.filter((status) => status === 200).length;
  const others = logins.filter((status) => status !== 200);
  process.stdout.write(
    `  ${name}, ${(bad / seconds).toFixed(0)} wrong logins a second: ${times(during)}; p99 ` +
      `${(during.p99Ms / idle.p99Ms).toFixed(1)} times of that alone\n` +
      `    right logins: ${letIn} of ${logins.length}${others.length === 0 ? '' : `, else ${others.join(' ')}`}\n`,
  );
}
