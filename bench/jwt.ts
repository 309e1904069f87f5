import { randomUUID } from 'node:crypto';
import {
  fixedKey,
  isPairAlgorithm,
  type JwtAlgorithm,
  newKeyPair,
  readKeyPair,
  type SigningKey,
} from '../src/platform/auth/key-ring/index.ts';
import { Tokens } from '../src/platform/auth/tokens.ts';
import { median } from './load.ts';

/** CPU time of access tokens: to issue one, to verify one that is not known yet, and one that is. */
const rounds = 7;
const tokensPerRound = 500;
const subject = () => ({
  userId: randomUUID(),
  orgId: randomUUID(),
  sessionId: randomUUID(),
  email: 'ada@example.com',
  roles: ['member'],
  amr: ['pwd'],
});

async function tokensOf(algorithm: JwtAlgorithm): Promise<Tokens> {
  const secret = 'a-secret-for-the-benchmark-0123456789abcdef';
  if (!isPairAlgorithm(algorithm)) {
    return new Tokens({ keys: fixedKey(secret), algorithm, expiresMinutes: 60 });
  }
  const { kid, key } = await newKeyPair(algorithm);
  const only: SigningKey = {
    kid,
    key,
    pair: readKeyPair(kid, key),
    status: 'current',
    acceptsUnnamed: false,
  };
  const keys = { ...fixedKey(secret), current: () => only, named: () => [only], all: () => [only] };
  return new Tokens({ keys, algorithm, expiresMinutes: 60 });
}

/** Microseconds of CPU time each. */
function measured<Result>(count: number, work: (index: number) => Result): { us: number; results: Result[] } {
  const before = process.cpuUsage();
  const results = Array.from({ length: count }, (_, index) => work(index));
  const { user, system } = process.cpuUsage(before);
  return { us: (user + system) / count, results };
}

const shown = (figures: readonly number[]): string => median(figures).toFixed(0).padStart(8);

process.stdout.write('µs of CPU time a token: issued, verified the first time, verified again\n');
for (const algorithm of ['HS256', 'EdDSA', 'RS256'] as const) {
  const figures: { issue: number; first: number; again: number }[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const tokens = await tokensOf(algorithm);
    const issued = measured(tokensPerRound, () => tokens.issue(subject()).access_token);
    const first = measured(tokensPerRound, (index) => tokens.verify(issued.results[index] ?? ''));
    const again = measured(tokensPerRound * 20, (index) =>
      tokens.verify(issued.results[index % tokensPerRound] ?? ''),
    );
    if (first.results.includes(undefined) || again.results.includes(undefined)) {
      throw new Error(`${algorithm}: a token was not verified`);
    }
    if (round > 0) {
      figures.push({ issue: issued.us, first: first.us, again: again.us });
    }
  }
  const column = (name: 'issue' | 'first' | 'again') => shown(figures.map((each) => each[name]));
  process.stdout.write(`${algorithm}  ${column('issue')} ${column('first')} ${column('again')}\n`);
}
