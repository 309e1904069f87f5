/** Something that was looked at in a backup or a restored database. */
export interface Check {
  readonly name: string;
  readonly isOk: boolean;
  /** Nothing is broken, and yet somebody must do something before it is used. */
  readonly needsLook?: true;
  /** What was found, in a line. */
  readonly detail: string;
}

/** A check from the faults that it found. */
export const checkOf = (name: string, faults: readonly string[], detail: string): Check => ({
  name,
  isOk: faults.length === 0,
  detail: faults.length === 0 ? detail : faults.join('; '),
});

/** A check that cannot be done is one that failed. */
export async function check(name: string, look: () => Promise<Check>): Promise<Check> {
  try {
    return await look();
  } catch (error) {
    return { name, isOk: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

export const renderChecks = (checks: readonly Check[]): string =>
  checks
    .map(
      ({ name, isOk, needsLook, detail }) =>
        `  ${isOk ? (needsLook ? 'LOOK  ' : 'ok    ') : 'FAILED'}  ${name.padEnd(22)} ${detail}\n`,
    )
    .join('');

/** The exit code that checks amount to: 0 sound, 1 broken, 3 look at it. */
export function exitCodeOf(checks: readonly Check[]): 0 | 1 | 3 {
  if (checks.some(({ isOk }) => !isOk)) {
    return 1;
  }
  return checks.some(({ needsLook }) => needsLook) ? 3 : 0;
}
