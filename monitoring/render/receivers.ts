import { contacts, escalationLevels } from '../../src/operations/incident-log/on-call-policy.ts';

/** One who is told, as Alertmanager reads it. */
export interface Receiver {
  readonly name: string;
  readonly pagerduty_configs?: readonly object[];
  readonly email_configs?: readonly object[];
  readonly webhook_configs?: readonly object[];
}

const subject = '{{ .CommonLabels.alertname }}: {{ .CommonAnnotations.summary }}';

/** @NOTE of each alert of the group: what two of them do not share is in no common annotation. */
const descriptions = '{{ range .Alerts.Firing }}{{ .Annotations.description }}\n{{ end }}';

/** @NOTE the pager rings for `critical` only: its urgency follows the severity that it is sent. */
const pager = (
  telephone: string | undefined,
  who: string,
  keyFile: string,
): Pick<Receiver, 'pagerduty_configs'> => ({
  pagerduty_configs: [
    {
      routing_key_file: `secrets/${keyFile}`,
      severity: '{{ .CommonLabels.severity }}',
      description: subject,
      details: {
        who,
        ...(telephone === undefined ? {} : { telephone }),
        description: descriptions,
        next_step: '{{ .CommonAnnotations.next_step }}',
        runbook: '{{ .CommonAnnotations.runbook_url }}',
        acknowledge: '{{ .CommonAnnotations.acknowledge }}',
      },
      links: [{ href: '{{ .CommonAnnotations.runbook_url }}', text: 'Runbook' }],
    },
  ],
});

const mail = (to: string): Pick<Receiver, 'email_configs'> => ({
  email_configs: [{ to, send_resolved: true, headers: { Subject: `[{{ .Status | toUpper }}] ${subject}` } }],
});

/** A switch that raises the alarm when it is not called for five minutes: a service outside, so that it survives us. */
const switchUrl = 'https://dead-mans-switch.company.com/brownie-api';

const sendsTo = (url: string): Pick<Receiver, 'webhook_configs'> => ({
  webhook_configs: [{ url, send_resolved: true }],
});

/** Everybody who is told of anything; all through one webhook where one is given. The numbers are those of the four levels. */
export function receivers(
  webhook: string | undefined,
  [oncall, ...others]: readonly string[],
): readonly Receiver[] {
  const teams = Object.entries(contacts).map(([name, { email }]) => ({
    name,
    ...(email === undefined ? pager(oncall, 'on-call engineer', 'pager-routing-key') : mail(email)),
  }));
  const levels = escalationLevels.map(({ level, who }, index) => ({
    name: `escalation-${level}`,
    ...pager(others[index], who, `pager-routing-key-level-${level}`),
  }));
  const watch = { name: 'dead-mans-switch', webhook_configs: [{ url: switchUrl, send_resolved: false }] };
  const all: readonly Receiver[] = [...teams, ...levels, watch];
  return webhook === undefined ? all : all.map(({ name }) => ({ name, ...sendsTo(webhook) }));
}
