import { escalationLevels } from '../../src/operations/incident-log/on-call-policy.ts';
import { alerts } from '../catalogue.ts';
import { environmentLabel } from '../selectors.ts';
import { receivers } from './receivers.ts';
import { scaled, type TimeScale } from './time-scale.ts';

export interface AlertmanagerOptions {
  /** Where all receivers send to, in the place of pager and mail: for tests and trials. */
  readonly webhook: string | undefined;
  /** Of those who are called one after the other, on-call first. */
  readonly telephones: readonly string[];
  readonly timeScale: TimeScale;
}

/** A branch of the tree of routes: the first that matches wins, unless it says `continue`. */
interface Route {
  readonly matchers: readonly string[];
  readonly receiver: string;
  readonly continue?: true;
  readonly group_wait?: string;
  readonly group_interval?: string;
  readonly repeat_interval?: string;
}

const route = (receiver: string, matchers: readonly string[], rest: Partial<Route> = {}): Route => ({
  receiver,
  matchers,
  ...rest,
});

/** alertmanager.yml: who is told of what, when, and what is left out because something else explains it. */
export function alertmanagerConfig({ webhook, telephones, timeScale }: AlertmanagerOptions): object {
  const time = (duration: string): string => scaled(duration, timeScale);
  return {
    ...(webhook === undefined ? { global: mail } : {}),
    route: {
      // Whatever bears none of our labels must still reach somebody.
      receiver: 'infrastructure',
      group_by: [environmentLabel, 'alertname', 'severity'],
      group_wait: time('10s'),
      group_interval: time('1m'),
      repeat_interval: time('4h'),
      routes: routes(time),
    },
    inhibit_rules: inhibitions(),
    receivers: receivers(webhook, telephones),
  };
}

/** What an operator replaces. The password is a file of its own, which the configuration only names. */
const mail = {
  smtp_smarthost: 'smtp.company.com:587',
  smtp_from: 'alertmanager@company.com',
  smtp_auth_username: 'alertmanager@company.com',
  smtp_auth_password_file: 'secrets/smtp-password',
};

function routes(time: (duration: string) => string): readonly Route[] {
  const page = { repeat_interval: time('1h') };
  return [
    // @NOTE a repetition is due when a group is looked at: an interval as long as the group's would skip every other one.
    route('dead-mans-switch', ['alertname="Watchdog"'], {
      group_wait: time('1s'),
      group_interval: time('30s'),
      repeat_interval: time('50s'),
    }),
    ...escalationLevels.map(({ level }) =>
      route(`escalation-${level}`, [`escalation_level="${level}"`], page),
    ),
    route('oncall', ['severity="critical"', 'team="oncall"'], page),
    route('oncall', ['severity="critical"'], { ...page, continue: true }),
    ...(['oncall', 'database', 'security', 'infrastructure'] as const).map((team) =>
      route(team, [`team="${team}"`]),
    ),
  ];
}

/** In the same environment, an alert that another one explains is not told of; nor is the lower tier of one beside its higher one. */
const inhibitions = (): readonly object[] => [
  ...alerts.flatMap(({ name, inhibitedBy = [] }) =>
    inhibitedBy.map(({ by, equal = [] }) => ({
      source_matchers: [`alertname="${by}"`],
      target_matchers: [`alertname="${name}"`],
      equal: [environmentLabel, ...equal],
    })),
  ),
  {
    source_matchers: ['severity="critical"'],
    target_matchers: ['severity="warning"'],
    equal: [environmentLabel, 'alertname'],
  },
];
