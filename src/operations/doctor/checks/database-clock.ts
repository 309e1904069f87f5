import { type Check, critical, ok, type Verdict, warning } from '../check.ts';

/** Milliseconds. */
interface Reading {
  readonly askedAt: number;
  readonly answeredAt: number;
  readonly theirs: number;
}

const warningMs = 2_000;
/** Tokens are accepted so long after their end. */
const criticalMs = 60_000;

export const databaseClock: Check = {
  id: 'database.clock',
  runbook: 'docs/procedures/doctor.md',
  async look(context) {
    const session = await context.service();
    const readings: Reading[] = [];
    for (const _ of [1, 2, 3]) {
      const askedAt = Date.now();
      const { theirs } = await session.row<{ theirs: number }>(
        'select extract(epoch from clock_timestamp())::float8 * 1000 as theirs',
      );
      readings.push({ askedAt, answeredAt: Date.now(), theirs });
    }
    return judgeClock(readings);
  },
};

/** The reading with the shortest way decides: half of that way is all that it can be wrong by. */
export function judgeClock(readings: readonly Reading[]): Verdict {
  const [best] = readings.toSorted((a, b) => a.answeredAt - a.askedAt - (b.answeredAt - b.askedAt));
  if (best === undefined) {
    throw new Error('the clock was not read');
  }
  const differenceMs = best.theirs - (best.askedAt + best.answeredAt) / 2;
  const seconds = (Math.abs(differenceMs) / 1_000).toFixed(1);
  const where = differenceMs > 0 ? 'ahead of' : 'behind';
  if (Math.abs(differenceMs) <= warningMs) {
    return ok(`The clock of the database is ${seconds} s ${where} this one`);
  }
  const complaint = {
    finding: `The clock of the database is ${seconds} s ${where} the one of this machine: tokens and times go wrong`,
    remedy: 'timedatectl status, here and there; then: systemctl restart systemd-timesyncd',
  };
  return Math.abs(differenceMs) > criticalMs ? critical(complaint) : warning(complaint);
}
