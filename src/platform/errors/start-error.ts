import { OperatorError } from './operator-error.ts';

/** A start that was refused, in words that say what to do. */
export class StartError extends OperatorError {
  override readonly name = 'StartError';
}
