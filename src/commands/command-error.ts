import { OperatorError } from '../platform/errors/operator-error.ts';

/** A command that failed for a reason that a person can mend: one line, no stack. */
export class CommandError extends OperatorError {
  override readonly name = 'CommandError';
}
