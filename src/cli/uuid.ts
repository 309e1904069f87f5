import { InvalidArgumentError } from 'commander';

/** Reads an argument that is an id. Throws InvalidArgumentError. */
export function uuid(text: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) {
    throw new InvalidArgumentError('It must be an id, like 01a22c64-567a-7252-9160-aaa90cf12d24.');
  }
  return text;
}
