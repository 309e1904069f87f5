import { InvalidArgumentError } from 'commander';
import { isServerName, isSubjectName } from '../operations/certificates/names.ts';

/** Collects an option of host names and addresses; anything else is wrong usage. */
export function serverNames(text: string, before: readonly string[]): readonly string[] {
  if (!isServerName(text)) {
    throw new InvalidArgumentError('It must be a host name or an address.');
  }
  return [...before, text];
}

/** Reads an option that is the name of a client; what cannot stand in a certificate is wrong usage. */
export function clientName(text: string): string {
  if (!isSubjectName(text)) {
    throw new InvalidArgumentError('It must be of letters, digits and any of "._@:*-", at most 64.');
  }
  return text;
}
