import { describe, expect, test } from 'vitest';
import { alerts, recordingGroups } from '../../../monitoring/catalogue.ts';
import { isCritical } from '../../../monitoring/escalation.ts';
import { alertsFor, recordingsFor } from '../../../monitoring/render/needed.ts';
import { alertRules } from '../../../monitoring/render/rules.ts';
import { survivors, type Trial } from './survivors.ts';
import { alertTrials, escalationTrials, isUnchanged, links, recordingTrials } from './trials.ts';

/** The two share processors, and the longest histories are of days. */
const timeout = 900_000;
const recordings = recordingGroups.flatMap((group) => [...group.recordings]);
const describeTrial = ({ what }: Trial): string => what;

/** What is no figure, though it is a number: any value makes an alert that always fires. */
const isFree = ({ name, what }: Trial): boolean => name.startsWith('Watchdog_') && what.includes('1 at 7');

/** What alone must survive: the rules as they are. */
const originals = (trials: readonly Trial[]): string[] =>
  trials.filter((trial) => isUnchanged(trial) || isFree(trial)).map(describeTrial);

describe('a test fails for each number, window, wait, matcher and label that is changed', () => {
  test.concurrent.each(alerts.map((alert) => [alert.name, alert] as const))(
    'in %s',
    { timeout },
    async (_, alert) => {
      const asked = alertsFor(alert.rules.map(({ expr }) => expr));
      const needed = recordingsFor([alert, ...asked].flatMap(({ rules }) => rules.map(({ expr }) => expr)));
      const shared = [
        {
          name: 'brownie-api-requests',
          rules: needed.map(({ name, expr }) => ({ record: name, expr })),
        },
        { name: 'brownie-api-budget', rules: asked.flatMap((each) => alertRules(each, links)) },
      ].filter(({ rules }) => rules.length > 0);
      const trials = alertTrials(alert);
      const alive = await survivors(trials, shared);
      expect(alive.map(describeTrial)).toEqual(originals(trials));
    },
  );

  test.concurrent.each(recordings.map((recording) => [recording.name, recording] as const))(
    'in %s',
    { timeout },
    async (_, recording) => {
      const trials = recordingTrials(recording);
      expect((await survivors(trials, [])).map(describeTrial)).toEqual(originals(trials));
    },
  );

  test.concurrent.each(alerts.filter(isCritical).map((alert) => [alert.name, alert] as const))(
    'in the escalation of %s',
    { timeout },
    async (_, alert) => {
      const trials = escalationTrials(alert);
      expect((await survivors(trials, [])).map(describeTrial)).toEqual(originals(trials));
    },
  );
});
