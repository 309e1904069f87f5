import { pluralize } from '../../platform/system/wording.ts';
import { fail, type Item, type LogLine, type LogSource, needsPerson, pass, type Verdict } from './item.ts';
import { instanceMetrics, perMinute } from './metrics.ts';
import { shellWord, showLog } from './shell.ts';

const hourMs = 3_600_000;
const noLog = 'there is no log to read: name one with --log, or run this where the journal is';

/** The commonest of some lines, with how often: `12 x connection failed`. */
export function commonest(lines: readonly string[], count = 5): readonly string[] {
  const groups = [...Map.groupBy(lines, (line) => line)].map(([line, all]) => ({ line, count: all.length }));
  const rest = groups.length - count;
  return [
    ...groups
      .toSorted((a, b) => b.count - a.count)
      .slice(0, count)
      .map((group) => `${group.count} x ${group.line}`),
    ...(rest > 0 ? [`and ${pluralize(rest, 'other')}`] : []),
  ];
}

const within = (lines: readonly LogLine[], hours: number, now = Date.now()): readonly LogLine[] =>
  lines.filter(({ at }) => at.getTime() >= now - hours * hourMs);

/** What lines of one cause have in common: of requests the route and its answer, else the message. */
const kindOf = ({ message, method, endpoint, status, errorCode }: LogLine): string =>
  status === undefined
    ? message
    : [method, endpoint, status, errorCode].filter((part) => part !== undefined).join(' ');

const isRefusedOnPurpose = ({ errorCode }: LogLine): boolean => errorCode === 'service.maintenance';

const errorFilter = '.level == "error" or .level == "critical"';

/** @NOTE the level says what is an error: what is refused on purpose is logged as a warning. */
export function judgeErrors(lines: readonly LogLine[], source: LogSource): Verdict {
  const errors = lines.filter(({ level }) => level === 'error' || level === 'critical');
  const refused = lines.filter(isRefusedOnPurpose).length;
  const announced =
    refused === 0 ? [] : [`${pluralize(refused, 'change')} refused because of maintenance: no errors`];
  const all = `${pluralize(lines.length, 'line')} of the last 24 hours`;
  return errors.length === 0
    ? pass([`no error in ${all}`, ...announced])
    : fail(
        [`${pluralize(errors.length, 'error')} in ${all}`, ...commonest(errors.map(kindOf)), ...announced],
        showLog(source, errorFilter),
      );
}

export const errorLogs: Item = {
  title: 'Review error logs',
  async look({ log }) {
    const { source, lines, fault } = await log();
    if (fault !== undefined) {
      return unreadable(source, [fault]);
    }
    return lines === undefined
      ? needsPerson([noLog], showLog(source, errorFilter))
      : judgeErrors(within(lines, 24), source);
  },
};

const unreadable = (source: LogSource, evidence: readonly string[]): Verdict =>
  fail(evidence, source.kind === 'file' ? `ls -l ${shellWord(source.path)}` : null);

const failuresPerMinuteMax = 10;
const refused = [401, 403, 429];
const refusedFilter = `.status_code | ${refused.map((status) => `. == ${status}`).join(' or ')}`;

export const securityLogs: Item = {
  title: 'Review security logs',
  async look(context) {
    const [{ source, lines, fault }, metrics] = [await context.log(), await instanceMetrics(context)];
    const refusals = (lines ?? []).filter(({ status }) => status !== undefined && refused.includes(status));
    const byAddress = Map.groupBy(refusals, ({ address }) => address ?? 'unknown');
    const evidence = [
      fault ??
        (lines === undefined
          ? noLog
          : `${pluralize(refusals.length, 'request')} refused (${refused.join(', ')})`),
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
    const command = showLog(source, refusedFilter);
    if (rates.some((rate) => rate > failuresPerMinuteMax)) {
      return fail(evidence, lines === undefined ? null : command, 'docs/runbooks/AuthenticationFailures.md');
    }
    if (fault !== undefined) {
      return unreadable(source, evidence);
    }
    return lines === undefined ? needsPerson(evidence, command) : pass(evidence);
  },
};
