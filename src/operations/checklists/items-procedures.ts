import { resolve } from 'node:path';
import { pluralize } from '../../platform/system/wording.ts';
import { type DrillPass, drillNames, readRecord, shippedRecord } from '../drill-record/index.ts';
import { fail, type Item, pass, type Verdict } from './item.ts';

/** A quarter, and a week. */
const daysMax = 98;
const runbook = 'docs/procedures/drills.md';

export const exerciseProcedures: Item = {
  title: 'Exercise the procedures',
  async look({ doctor }) {
    const own = await readRecord(resolve(doctor.config.backup.directory));
    return judgeRecord(own.length > 0 ? own : await readRecord(shippedRecord), new Date());
  },
};

/** A procedure that nobody has exercised for a quarter, or ever, is one that nobody knows to work. */
export function judgeRecord(passes: readonly DrillPass[], now: Date): Verdict {
  const known = drillNames
    .map((drill) => ({ drill, ...ageOf(passes, drill, now) }))
    .toSorted((a, b) => b.days - a.days);
  const due = known.filter(({ days }) => days > daysMax);
  const line = ({ drill, words }: (typeof known)[number]): string => `${drill}: ${words}`;
  const [first, ...others] = due;
  return first === undefined
    ? pass([
        `${pluralize(known.length, 'drill')}, the oldest first:`,
        ...known.map((each) => `  ${line(each)}`),
      ])
    : fail(due.map(line), `brownie drill ${others.length > 0 ? 'all' : first.drill} --record`, runbook);
}

function ageOf(passes: readonly DrillPass[], name: string, now: Date): { days: number; words: string } {
  const found = passes.find(({ drill }) => drill === name);
  if (found === undefined) {
    return { days: Number.POSITIVE_INFINITY, words: 'no pass is recorded' };
  }
  const days = Math.max(0, (now.getTime() - Date.parse(found.passedAt)) / 86_400_000);
  return { days, words: `passed ${pluralize(Math.floor(days), 'day')} ago, with version ${found.version}` };
}
