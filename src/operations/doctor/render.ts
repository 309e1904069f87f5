import type { Diagnosis } from './check.ts';

/** What people are told: one line where all is well, else a block for each finding, the worst first. */
export function renderDiagnoses(diagnoses: readonly Diagnosis[]): string {
  const findings = diagnoses.filter(({ severity }) => severity === 'critical' || severity === 'warning');
  const missed = diagnoses.filter(({ severity }) => severity === 'unknown');
  if (findings.length === 0) {
    const looked = diagnoses.length - missed.length;
    const rest = missed.length === 0 ? '' : ` Could not look: ${missed.map(briefly).join('; ')}.`;
    return `Healthy: ${looked} checks found nothing.${rest}\n`;
  }
  return [...findings.map(block), ...(missed.length === 0 ? [] : [couldNotLook(missed)])].join('\n');
}

const briefly = ({ check, finding }: Diagnosis): string => `${check} (${finding})`;

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

/** Grouped: without the database, twenty checks cannot look for one and the same reason. */
function couldNotLook(missed: readonly Diagnosis[]): string {
  const groups = [...Map.groupBy(missed, ({ finding }) => finding)];
  return [
    'Could not look:',
    ...groups.map(([why, those]) => `  ${those.map(({ check }) => check).join(', ')}: ${why}`),
    '',
  ].join('\n');
}
