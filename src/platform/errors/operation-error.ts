import { OperatorError } from './operator-error.ts';

/** A procedure that failed for a reason that a person can mend: one line that says what to do, no stack. */
export class OperationError extends OperatorError {
  override readonly name: string = 'OperationError';
}

/** A procedure that refused to begin, and changed nothing. */
export class RefusedError extends OperationError {
  override readonly name = 'RefusedError';
  override readonly exitCode = 4;
}
