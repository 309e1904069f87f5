import { type Area, areaOf, type Diagnosis } from './check.ts';
import { checks } from './checks/index.ts';
import type { Patient } from './doctor-context.ts';
import { examine } from './examine.ts';

/** Lets the checks look that are of one of the areas; all of them where none is named. The worst comes first. */
export const diagnose = (patient: Patient, only: readonly Area[] = []): Promise<readonly Diagnosis[]> =>
  examine(
    patient,
    checks.filter((check) => only.length === 0 || only.includes(areaOf(check))),
  );
