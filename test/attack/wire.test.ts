import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AttackClient } from './attack-client.ts';
import { type Field, openField } from './fuzz.ts';
import { rawRequests, requestsIn } from './raw-requests.ts';
import { Target } from './target.ts';
import { exchange, faultsOf } from './wire.ts';

let field: Field;

beforeAll(async () => {
  field = await openField();
});
afterAll(() => field[Symbol.asyncDispose]());

test('whatever bytes come over a connection are answered once, with our headers and no error of ours, or the connection is closed', async () => {
  const { seed, path, scale } = field.options;
  const runs = Math.ceil(250 * scale);
  const atOnce = 8;
  const wire = fc.asyncProperty(
    fc.array(rawRequests, { minLength: atOnce, maxLength: atOnce }),
    async (requests) => {
      const faults = requests.map(async (bytes) => {
        const found = faultsOf(await exchange(field.app.url, bytes), requestsIn(bytes));
        return found.map((fault) => `${fault}: ${JSON.stringify(bytes.toString('latin1').slice(0, 2_000))}`);
      });
      expect((await Promise.all(faults)).flat()).toEqual([]);
    },
  );
  const result = await fc.check(wire, { seed, numRuns: runs, ...(path === undefined ? {} : { path }) });
  process.stdout.write(`wire: seed ${seed}, ${runs * atOnce} connections\n`);
  expect(
    result.failed,
    `${fc.defaultReportMessage(result)}\n  again: npm run test:attack -- wire --seed ${seed} --path ${result.counterexamplePath}`,
  ).toBe(false);
  expect(await field.finalFaults()).toEqual([]);
});

/** Other spellings of a path: some mean the same to a proxy before this service. */
const spellings: readonly ((path: string) => string)[] = [
  (path) => `${path}/`,
  (path) => `/${path}`,
  (path) => path.replace('/', '//'),
  (path) => path.toUpperCase(),
  (path) => `${path}%00`,
  (path) => `${path}%20`,
  (path) => `${path};a=b`,
  (path) => `${path}.json`,
  (path) => `${path}/.`,
  (path) => `${path}/..`,
  (path) => `/%2e%2e/v1${path}`,
  (path) => path.replaceAll('/', '%2f'),
  (path) => path.replaceAll('/', '\\'),
  (path) => path.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
  (path) => path.replace(/[a-z]/, (letter) => String.fromCodePoint(letter.charCodeAt(0) + 0xfee0)),
  (path) => `${path}?a=%ff`,
  (path) => `${path}?__proto__[x]=1`,
];

test('no spelling of a path lets nobody in, and no method that an operation does not have is taken, 405 naming those that are', async () => {
  const target = await Target.create(field);
  const client = new AttackClient(field.app);
  const token = await target.owner.token();
  const faults: string[] = [];
  const urls = Map.groupBy(field.operations, ({ url }) => url);
  for (const [url, declared] of urls) {
    const [operation] = declared;
    if (operation === undefined) {
      continue;
    }
    const { params } = target.rightInput(operation);
    const path = url.replace(/:(\w+)/g, (_, name: string) => params[name] ?? '');
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      const own = declared.find((each) => each.method === method);
      if (own === undefined) {
        const { status, headers, text } = await client.send({ method, path, token });
        const allow = headers.get('allow')?.split(', ') ?? [];
        const isRight = declared.every((each) => allow.includes(each.method)) && !allow.includes(method);
        faults.push(...(status === 405 && isRight ? [] : [`${method} ${path}: ${status} ${allow} ${text}`]));
      } else if (own.least !== 'public') {
        for (const spell of spellings) {
          const answer = await client.send({ method, path: spell(path) });
          const isRefused = answer.status >= 400 && answer.status < 500;
          faults.push(...(isRefused ? answer.faults : [`${method} ${spell(path)}: ${answer.status}`]));
        }
      }
    }
  }
  process.stdout.write(`paths: ${urls.size} paths, ${client.calls} requests\n`);
  expect(faults).toEqual([]);
  expect(field.operations).toHaveLength(field.declared);
});
