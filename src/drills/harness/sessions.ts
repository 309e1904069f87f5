import { Agent } from 'node:http';
import { type RequestResult, send } from './send.ts';
import { logIn, signUp, type Tenant } from './tenant.ts';

/** Sessions whose tokens, of every age, are used all the time at every instance. */
export interface Sessions {
  /** Every token that was ever issued to them, the newest last. */
  readonly tokens: readonly string[];
  /** How often a token was used so far. */
  readonly requests: number;
  /** Uses that were not answered 200. */
  readonly failures: readonly RequestResult[];
  /** Gives so many sessions a further token, from every instance in turn. They go on using those that they have. */
  renew(count: number): Promise<void>;
  /** Sends nothing to an instance, until what is done to it is done. */
  without(url: string, work: () => Promise<void>): Promise<void>;
  /** Uses only some of the tokens from now on; resolves once no other one is in use. */
  keep(isKept: (token: string) => boolean): Promise<void>;
  /** Resolves once every request has ended. */
  stop(): Promise<void>;
}

export interface SessionOptions {
  readonly urls: readonly string[];
  readonly count: number;
}

const workers = 12;
const sessionsPerUser = 20;
const loginsAtOnce = 4;

/** Logs sessions in at all instances, and begins to use their tokens. */
export async function openSessions({ urls, count }: SessionOptions): Promise<Sessions> {
  const [first = ''] = urls;
  const at = (index: number): string => urls[index % urls.length] ?? first;
  const users: Tenant[] = [];
  for (let index = 0; index * sessionsPerUser < count; index += 1) {
    users.push(await signUp(at(index)));
  }
  const tokens: string[] = [];
  const failures: RequestResult[] = [];
  const away = new Set<string>();
  const underWay = new Set<Promise<RequestResult>>();
  let used: readonly string[] = tokens;
  let [logins, requests, isStopping] = [0, 0, false];

  const renew = async (more: number): Promise<void> => {
    const last = logins + more;
    const login = async (): Promise<void> => {
      while (logins < last) {
        const index = logins;
        logins += 1;
        const user = users[index % users.length];
        if (user !== undefined) {
          tokens.push(await logIn(at(index), user));
        }
      }
    };
    await Promise.all(Array.from({ length: loginsAtOnce }, login));
  };
  await renew(count);

  const work = async (offset: number): Promise<void> => {
    using agent = disposable(new Agent({ keepAlive: true, maxSockets: 1 }));
    for (let turn = offset; !isStopping; turn += 1) {
      const there = urls.filter((url) => !away.has(url));
      const url = there[turn % there.length] ?? first;
      const token = used[Math.floor(Math.random() * used.length)] ?? '';
      const sent = use(url, token, agent.value);
      underWay.add(sent);
      const result = await sent;
      underWay.delete(sent);
      requests += 1;
      if (result.status !== 200) {
        failures.push(result);
      }
    }
  };
  const working = Promise.all(Array.from({ length: workers }, (_, offset) => work(offset)));
  return {
    tokens,
    get requests() {
      return requests;
    },
    failures,
    renew,
    async without(url, done) {
      away.add(url);
      await done();
      away.delete(url);
    },
    async keep(isKept) {
      used = tokens.filter(isKept);
      await Promise.all(underWay);
    },
    async stop() {
      isStopping = true;
      await working;
    },
  };
}

/** Asks an instance who a token belongs to. */
export const use = (url: string, token: string, agent: Agent | false = false): Promise<RequestResult> =>
  send({ method: 'GET', url: `${url}/api/v1/auth/me`, headers: { authorization: `Bearer ${token}` }, agent });

/** How many of the tokens each of the instances takes, in all: at most tokens × instances. */
export async function countAccepted(urls: readonly string[], tokens: readonly string[]): Promise<number> {
  const pairs = urls.flatMap((url) => tokens.map((token) => ({ url, token })));
  let accepted = 0;
  const work = async (): Promise<void> => {
    using agent = disposable(new Agent({ keepAlive: true, maxSockets: urls.length }));
    for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
      const { status, error } = await use(pair.url, pair.token, agent.value);
      if (status !== 200 && status !== 401) {
        throw new Error(`${pair.url} answered ${status ?? error} to a token`);
      }
      accepted += status === 200 ? 1 : 0;
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return accepted;
}

/** The id of the key that a token names. */
export const keyOf = (token: string): string => headerOf(token).kid;

/** What a token is signed with, as it says. */
export const algorithmOf = (token: string): string => headerOf(token).alg;

function headerOf(token: string): { readonly kid: string; readonly alg: string } {
  const [header = ''] = token.split('.');
  return JSON.parse(Buffer.from(header, 'base64url').toString());
}

const disposable = (value: Agent): Disposable & { readonly value: Agent } => ({
  value,
  [Symbol.dispose]: () => value.destroy(),
});
