/** A command that failed for a reason that a person can mend: one line, no stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
