import { countBySeverity, openDoctorContext } from '../operations/doctor/index.ts';
import { checkUpgrade, renderUpgrade } from '../operations/upgrade/index.ts';
import { doctorPatient } from './doctor-context.ts';
import { type ExitCode, report } from './outcome.ts';

/**
 * Looks, with the program of the new release, at the database that the old one serves. Ends with 1 where something critical stands in
 * the way of the update, with 3 where something needs a look.
 */
export async function upgradeCheck(options: { readonly json?: boolean }): Promise<void> {
  await using context = openDoctorContext(doctorPatient());
  const check = await checkUpgrade(context);
  const found = [...(check.plan?.obstacles ?? []), ...check.diagnoses].map(({ severity }) => severity);
  const exitCode: ExitCode = found.includes('critical') ? 1 : found.includes('warning') ? 3 : 0;
  const json = { exitCode, ...check, summary: countBySeverity(check.diagnoses) };
  report({ exitCode, text: renderUpgrade(check, exitCode !== 1), json }, options);
}
