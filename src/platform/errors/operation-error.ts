/**
 * An error that the person at the command line can mend: its message says what is wrong and what to do, so that a stack adds
 * nothing. Commands tell any error so that has these two properties.
 */
export class OperatorError extends Error {
  override readonly name: string = 'OperatorError';
  /** How the command ends: 1 failed, 4 refused to begin and changed nothing. */
  readonly exitCode: 1 | 4 = 1;

  /** For standard error. */
  get lines(): readonly string[] {
    return [this.message];
  }
}

/** A procedure that failed for a reason that a person can mend: one line that says what to do, no stack. */
export class OperationError extends OperatorError {
  override readonly name: string = 'OperationError';
}

/** A procedure that refused to begin, and changed nothing. */
export class RefusedError extends OperationError {
  override readonly name = 'RefusedError';
  override readonly exitCode = 4;
}

/** A start that was refused, in words that say what to do. */
export class StartError extends OperatorError {
  override readonly name = 'StartError';
}
