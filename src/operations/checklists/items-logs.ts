import { fail, type Item, type LogLine, needsPerson, pass } from './item.ts';
import { instanceMetrics, perMinute } from './metrics.ts';

const hourMs = 3_600_000;
const noLog = 'there is no log to read: name one, or run this where the journal is';
const command = (filter: string): string => `jq -c 'select(${filter})' "$LOG" | tail -n 20`;

/** The commonest of some lines, with how often: `12 x connection failed`. */
export function commonest(lines: readonly string[], count = 5): readonly string[] {
  const groups = [...Map.groupBy(lines, (line) => line)].map(([line, all]) => ({ line, count: all.length }));
  return groups
    .toSorted((a, b) => b.count - a.count)
    .slice(0, count)
    .map((group) => `${group.count} x ${group.line}`);
}

const within = (lines: readonly LogLine[], hours: number, now = Date.now()): readonly LogLine[] =>
  lines.filter(({ at }) => at.getTime() >= now - hours * hourMs);

export const errorLogs: Item = {
  title: 'Review error logs',
  async look({ log }) {
    const all = await log();
    if (all === undefined) {
      return needsPerson([noLog], command('.level == "error" or .level == "critical"'));
    }
    const day = within(all, 24);
    const errors = day.filter(({ level }) => level === 'error' || level === 'critical');
    return errors.length === 0
      ? pass([`${day.length} lines of the last 24 hours, none of them an error`])
      : fail(
          [
            `${errors.length} errors in ${day.length} lines of the last 24 hours`,
            ...commonest(errors.map(({ message }) => message)),
          ],
          command('.level == "error" or .level == "critical"'),
        );
  },
};

const failuresPerMinuteMax = 10;
const refused = [401, 403, 429];

export const securityLogs: Item = {
  title: 'Review security logs',
  async look(ward) {
    const [lines, metrics] = [await ward.log(), await instanceMetrics(ward)];
    const refusals = (lines ?? []).filter(({ status }) => status !== undefined && refused.includes(status));
    const byAddress = Map.groupBy(refusals, ({ address }) => address ?? 'unknown');
    const evidence = [
      lines === undefined ? noLog : `${refusals.length} requests refused (${refused.join(', ')})`,
      ...commonest([...byAddress].flatMap(([address, all]) => all.map(() => `from ${address}`))),
      ...metrics.flatMap(({ url, failuresPerMinute, failuresByReason }) => [
        `${url}: ${failuresPerMinute.toFixed(2)} failed authentications a minute`,
        ...failuresByReason,
      ]),
    ];
    const rates = [
      ...metrics.map(({ failuresPerMinute }) => failuresPerMinute),
      ...[...byAddress.values()].map((all) => perMinute(all.map(({ at }) => at))),
    ];
    if (rates.some((rate) => rate > failuresPerMinuteMax)) {
      return fail(evidence, 'docs/runbooks/AuthenticationFailures.md');
    }
    return lines === undefined
      ? needsPerson(evidence, command('.status_code | . == 401 or . == 403 or . == 429'))
      : pass(evidence);
  },
};
