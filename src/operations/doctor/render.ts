import { pluralize } from '../../platform/system/wording.ts';
import type { Diagnosis, Severity } from './check.ts';

/** What people are told: one line where all is well, else a block for each finding, the worst first, and a summary. */
export function renderDiagnoses(diagnoses: readonly Diagnosis[]): string {
  const findings = diagnoses.filter(({ severity }) => severity === 'critical' || severity === 'warning');
  const missed = diagnoses.filter(({ severity }) => severity === 'unknown');
  if (findings.length === 0) {
    const looked = pluralize(diagnoses.length - missed.length, 'check');
    const healthy = `Healthy: ${looked} found nothing.`;
    return missed.length === 0 ? `${healthy}\n` : `${healthy} ${couldNotLook(missed)}.\n`;
  }
  return [
    ...findings.map(block),
    ...(missed.length === 0 ? [] : [`${couldNotLook(missed)}. Which: brownie doctor --json\n`]),
    `${summary(diagnoses)}\n`,
  ].join('\n');
}

function block({ severity, check, finding, evidence, remedy, runbook }: Diagnosis): string {
  return [
    `${severity}: ${check}`,
    `  ${finding}`,
    ...evidence.map((line) => `  - ${line}`),
    ...(remedy === null ? [] : [`  mend: ${remedy}`]),
    `  read: ${runbook}`,
    '',
  ].join('\n');
}

/**
 * Those that could not look, in a line: without the database, twenty of them have one and the same reason.
 * `4 checks could not look: the database cannot be reached (3), no instance answers (1)`.
 */
export function couldNotLook(missed: readonly Diagnosis[]): string {
  const causes = [...Map.groupBy(missed, ({ finding }) => finding)]
    .map(([why, { length }]) => ({ why, length }))
    .toSorted((a, b) => b.length - a.length);
  const told = causes.map(({ why, length }) => (causes.length === 1 ? why : `${why} (${length})`));
  return `${pluralize(missed.length, 'check')} could not look: ${told.join(', ')}`;
}

/** How many checks ended how. */
export const countBySeverity = (diagnoses: readonly Diagnosis[]): Readonly<Record<Severity, number>> => {
  const count = (severity: Severity): number =>
    diagnoses.filter((diagnosis) => diagnosis.severity === severity).length;
  return {
    critical: count('critical'),
    warning: count('warning'),
    unknown: count('unknown'),
    ok: count('ok'),
  };
};

/** `34 checks: 1 critical, 2 warnings, 20 could not look, 11 found nothing`. */
function summary(diagnoses: readonly Diagnosis[]): string {
  const { critical, warning, unknown, ok } = countBySeverity(diagnoses);
  const parts = [
    ...(critical === 0 ? [] : [`${critical} critical`]),
    ...(warning === 0 ? [] : [pluralize(warning, 'warning')]),
    ...(unknown === 0 ? [] : [`${unknown} could not look`]),
    `${ok} found nothing`,
  ];
  return `${pluralize(diagnoses.length, 'check')}: ${parts.join(', ')}`;
}
