import { type Area, areaOf, type Diagnosis } from './check.ts';
import { checks } from './checks/index.ts';
import type { DoctorContext } from './doctor-context.ts';
import { examine } from './examine.ts';

/** Lets the checks look that are of one of the areas; all of them where none is named. The worst comes first. */
export const diagnose = (context: DoctorContext, only: readonly Area[] = []): Promise<readonly Diagnosis[]> =>
  examine(
    context,
    checks.filter((check) => only.length === 0 || only.includes(areaOf(check))),
  );
