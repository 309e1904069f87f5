/** A procedure that failed for a reason that a person can mend: one line that says what to do, no stack. Exit code 1. */
export class OperationError extends Error {
  override readonly name: string = 'OperationError';
}

/** A procedure that refused to begin, and changed nothing. Exit code 4. */
export class RefusedError extends OperationError {
  override readonly name = 'RefusedError';
}
