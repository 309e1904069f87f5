import { ask, diagnose, jsonOf, type Patient, serviceUrls } from '../doctor/index.ts';
import type { Evidence } from './entry.ts';

/** What is the matter at this moment: health, what doctor finds, and what fires. Never rejects. */
export async function gatherEvidence(
  patient: Patient,
): Promise<Pick<Evidence, 'health' | 'findings' | 'alerts'>> {
  const [health, diagnoses, alerts] = await Promise.all([
    healthOf(patient),
    diagnose(patient),
    firingAlerts(patient.configuration.config?.operations.prometheusUrl),
  ]);
  return {
    health,
    alerts,
    findings: diagnoses
      .filter(({ severity }) => severity === 'critical' || severity === 'warning')
      .map(({ severity, check, finding }) => `${severity}: ${check}: ${finding}`),
  };
}

async function healthOf({ configuration }: Patient): Promise<string> {
  const urls = configuration.config === undefined ? undefined : serviceUrls(configuration.config);
  if (urls === undefined) {
    return 'nobody knows where an instance listens';
  }
  const answer = await ask(`${urls.base}/health`).catch((error: unknown) => error);
  return answer instanceof Error || typeof answer !== 'object' || answer === null || !('status' in answer)
    ? `no instance answers at ${urls.base}`
    : `${urls.base}/health: ${answer.status} ${'body' in answer ? String(answer.body).slice(0, 500) : ''}`.trim();
}

/** What Prometheus says is firing: `DatabaseDown (critical) since 2026-11-25T14:00:00Z`; null where it does not say. */
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
      : [`${labels['alertname']} (${labels['severity']}) since ${activeAt}`],
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
