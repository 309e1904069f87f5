import type { EscalationLevel } from '../src/operations/incident-log/on-call-policy.ts';
import type { Alert } from './alert.ts';

/** Whether an alert wakes people up, and so is escalated. */
export const isCritical = ({ rules }: Alert): boolean =>
  rules.some(({ severity }) => severity === 'critical');

/**
 * True while a critical alert fires that began so long ago. The rule bears the name of the alert that it escalates, so a
 * silence on that name, which is how a person acknowledges it, silences every level.
 */
export function escalationExpr({ name }: Alert, { afterSeconds }: EscalationLevel): string {
  const alert = `alertname="${name}",severity="critical",escalation_level=""`;
  return (
    `time() - ALERTS_FOR_STATE{${alert}} >= ${afterSeconds}\n` +
    `and ignoring (alertstate) ALERTS{${alert},alertstate="firing"}`
  );
}
