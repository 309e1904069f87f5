import { ask, jsonOf } from './ask-service.ts';

/**
 * What Prometheus says is firing: `DatabaseDown (critical, production) since 2026-11-25T14:00:00Z`, with the environment where the
 * alert has one; null where it does not say.
 */
export async function firingAlerts(prometheusUrl: string | undefined): Promise<string[] | null> {
  const answer =
    prometheusUrl === undefined
      ? undefined
      : await ask(`${prometheusUrl}/api/v1/alerts`).catch(() => undefined);
  const document = answer?.status === 200 ? jsonOf(answer) : undefined;
  if (document === undefined) {
    return null;
  }
  return alertsIn(document).flatMap(({ state, activeAt, labels = {} }) =>
    state !== 'firing' || labels['severity'] === 'none'
      ? []
      : [
          `${labels['alertname']} (${[labels['severity'], labels['environment'] ?? []].flat().join(', ')}) since ${activeAt}`,
        ],
  );
}

interface PrometheusAlert {
  readonly state?: string;
  readonly activeAt?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

function alertsIn({ data }: Record<string, unknown>): readonly PrometheusAlert[] {
  const alerts = typeof data === 'object' && data !== null && 'alerts' in data ? data.alerts : undefined;
  return Array.isArray(alerts) ? alerts : [];
}
