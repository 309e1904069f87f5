import { type DoctorContext, diagnose } from '../doctor/index.ts';
import { ask, serviceUrls } from '../probing/ask-service.ts';
import { firingAlerts } from '../probing/firing-alerts.ts';
import type { Evidence } from './entry.ts';

/** What is the matter at this moment: health, what doctor finds, and what fires. Never rejects. */
export async function gatherEvidence(
  context: DoctorContext,
): Promise<Pick<Evidence, 'health' | 'findings' | 'alerts'>> {
  const [health, diagnoses, alerts] = await Promise.all([
    healthOf(context),
    diagnose(context),
    firingAlerts(context.configuration.config?.operations.prometheusUrl),
  ]);
  return {
    health,
    alerts,
    findings: diagnoses
      .filter(({ severity }) => severity === 'critical' || severity === 'warning')
      .map(({ severity, check, finding }) => `${severity}: ${check}: ${finding}`),
  };
}

async function healthOf({ configuration }: DoctorContext): Promise<string> {
  const urls = configuration.config === undefined ? undefined : serviceUrls(configuration.config);
  if (urls === undefined) {
    return 'nobody knows where an instance listens';
  }
  const answer = await ask(`${urls.base}/health`).catch((error: unknown) => error);
  return answer instanceof Error || typeof answer !== 'object' || answer === null || !('status' in answer)
    ? `no instance answers at ${urls.base}`
    : `${urls.base}/health: ${answer.status} ${'body' in answer ? String(answer.body).slice(0, 500) : ''}`.trim();
}
