import type { EscalationLevel } from '../src/operations/incident-log/on-call-policy.ts';
import type { Alert, AlertRule } from './alert.ts';
import type { Duration } from './duration.ts';

const pages = ({ severity }: AlertRule): boolean => severity === 'critical';

/** Whether an alert wakes people up, and so is escalated. */
export const isCritical = ({ rules }: Alert): boolean => rules.some(pages);

/** How long an alert that pages is pending before anybody is told. Throws where its rules differ: one level counts for all of them. */
export function pendingFor({ name, rules }: Alert): Duration {
  const [wait = '0s', ...others] = new Set(rules.filter(pages).map((rule): Duration => rule.for ?? '0s'));
  if (others.length > 0) {
    throw new Error(
      `the rules of ${name} that page wait for ${[wait, ...others].join(' and ')}: give them one \`for\``,
    );
  }
  return wait;
}

/**
 * True while a critical alert fires of which people were first told so long ago. @NOTE what Prometheus keeps is since when the condition
 * holds, pending included. The rule bears the name of the alert that it escalates, so a silence on that name, which is how a person
 * acknowledges it, silences every level.
 */
export function escalationExpr(
  { name }: Alert,
  { afterSeconds }: Pick<EscalationLevel, 'afterSeconds'>,
  pendingSeconds: number,
): string {
  const alert = `alertname="${name}",severity="critical",escalation_level=""`;
  const pending = pendingSeconds === 0 ? '' : ` - ${pendingSeconds}`;
  return (
    `time() - ALERTS_FOR_STATE{${alert}}${pending} >= ${afterSeconds}\n` +
    `and ignoring (alertstate) ALERTS{${alert},alertstate="firing"}`
  );
}
