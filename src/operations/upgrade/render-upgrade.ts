import { pluralize } from '../../platform/system/wording.ts';
import { renderDiagnoses } from '../doctor/index.ts';
import type { UpgradeCheck } from './check-upgrade.ts';
import type { UpgradePlan } from './upgrade-plan.ts';

/** What people are told: what the update does, what stands in its way, what the doctor found, and what comes next. */
export const renderUpgrade = ({ plan, diagnoses }: UpgradeCheck, canGoAhead: boolean): string =>
  [
    ...(plan === undefined
      ? ['The database cannot be reached: what the update would do is not known.']
      : planLines(plan)),
    '',
    renderDiagnoses(diagnoses).trimEnd(),
    '',
    nextStep(plan, canGoAhead),
    '',
  ].join('\n');

function planLines({ from, to, pending, obstacles }: UpgradePlan): readonly string[] {
  const steps =
    pending.length === 0
      ? 'the schema is up to date'
      : `${pluralize(pending.length, 'migration')} would be applied`;
  return [
    `From ${from === null ? 'no release' : `release ${from}`} to ${to}: ${steps}.`,
    ...pending.map((file) => `  ${file}`),
    ...obstacles.flatMap(({ severity, finding, remedy }) => [
      '',
      `${severity}: ${finding}`,
      `  mend: ${remedy}`,
    ]),
  ];
}

function nextStep(plan: UpgradePlan | undefined, canGoAhead: boolean): string {
  if (!canGoAhead) {
    return 'Do not update before what is critical is mended.';
  }
  return plan?.pending.length === 0
    ? 'Next: nothing is to be migrated; replace the instances one by one (docs/procedures/updating.md).'
    : 'Next: brownie backup create, brownie migrate, then replace the instances one by one (docs/procedures/updating.md).';
}
