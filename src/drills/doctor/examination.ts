import type { Diagnosis } from '../../operations/doctor/check.ts';
import { finishBrownie } from '../../platform/programs/run-brownie.ts';
import type { Scene } from './fault.ts';

/** What `brownie doctor` said. */
export interface Examination {
  readonly code: number | null;
  /** What is wrong, the worst first. */
  readonly findings: readonly Diagnosis[];
  /** Checks that could not look. */
  readonly missed: readonly Diagnosis[];
  readonly output: string;
  /** On standard error: nothing, where all is well. */
  readonly remarks: string;
  readonly seconds: number;
}

/** Lets the doctor look at a scene. Rejects where what it prints is no report. */
export async function examineScene(
  scene: Scene,
  variables: Readonly<Record<string, string>> = {},
): Promise<Examination> {
  const startedAt = performance.now();
  const { code, stdout, stderr } = await finishBrownie(['doctor', '--json'], {
    directory: scene.directory,
    variables: { ...scene.variables, ...variables },
  });
  if (stdout === '') {
    throw new Error(`brownie doctor ended with ${code} and no report\n${stderr}`);
  }
  const { checks } = JSON.parse(stdout) as { checks: readonly Diagnosis[] };
  return {
    code,
    findings: checks.filter(({ severity }) => severity === 'critical' || severity === 'warning'),
    missed: checks.filter(({ severity }) => severity === 'unknown'),
    output: `${stdout}${stderr}`,
    remarks: stderr.trim(),
    seconds: (performance.now() - startedAt) / 1_000,
  };
}
