import { alerts, recordingGroups } from '../catalogue.ts';
import { isCritical } from '../escalation.ts';
import { outages } from '../histories/outages.ts';
import { escalationTests } from './escalation-tests.ts';
import { historyTests } from './history-tests.ts';
import type { TestFile } from './promtool.ts';
import { alertTests, recordingTests } from './rule-tests.ts';
import { alertRules, type Links } from './rules.ts';

const recordingRules = '../rules/recordings.yml';
const alertingRules = '../rules/alerts.yml';
const escalationRules = '../rules/escalation.yml';

/** Every test of every rule for `promtool test rules`, by the name of its file: what it tests, and how often rules are evaluated. */
export function testFiles(links: Links): ReadonlyMap<string, TestFile> {
  const recordings = recordingGroups.flatMap((group) => [...group.recordings]);
  const named = (name: string, files: ReadonlyMap<string, TestFile>): (readonly [string, TestFile])[] =>
    [...files].map(([interval, file]) => [`${name}-${interval}`, file]);
  return new Map([
    ...named('recordings', recordingTests(recordings, [recordingRules])),
    ...alerts.flatMap((alert) =>
      named(alert.name, alertTests(alert, alertRules(alert, links), [recordingRules, alertingRules])),
    ),
    ...alerts
      .filter(isCritical)
      .map(
        (alert) => [`${alert.name}-escalation`, escalationTests(alert, links, [escalationRules])] as const,
      ),
    ['histories-30s', historyTests(outages, [recordingRules, alertingRules, escalationRules])],
  ]);
}
