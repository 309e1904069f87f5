import {
  type Area,
  countBySeverity,
  diagnose,
  openDoctorContext,
  renderDiagnoses,
} from '../operations/doctor/index.ts';
import { doctorPatient } from './doctor-context.ts';
import { type ExitCode, report } from './outcome.ts';

export interface DoctorOptions {
  readonly only?: readonly Area[];
  readonly json?: boolean;
}

/** Looks for what is wrong. Ends with 1 where something critical is, with 3 where something needs a look. */
export async function doctor({ only = [], ...options }: DoctorOptions): Promise<void> {
  await using context = openDoctorContext(doctorPatient());
  const diagnoses = await diagnose(context, only);
  const has = (severity: string): boolean => diagnoses.some((each) => each.severity === severity);
  const exitCode: ExitCode = has('critical') ? 1 : has('warning') ? 3 : 0;
  const json = { exitCode, summary: countBySeverity(diagnoses), checks: diagnoses };
  report({ exitCode, text: renderDiagnoses(diagnoses), json }, options);
}
