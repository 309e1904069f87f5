import { ApiError } from '../../platform/errors/api-error.ts';
import { parsePath, type ScimPath } from './scim-filter.ts';
import { fieldsOf, isObject } from './scim-value.ts';

/** One operation of a PATCH on one attribute. */
export interface Operation {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path: ScimPath;
  readonly value: unknown;
  /** Whether the sender named the attribute as a path; of a value without one, what is not known is passed over. */
  readonly isNamed: boolean;
}

const operationsMax = 1_000;

/**
 * The operations of a PATCH (RFC 7644, 3.5.2) as senders really write them: `op` in any case, and a value without a path for several attributes at once,
 * whose names may have dots and the name of a schema before them.
 */
export function readOperations(body: unknown): readonly Operation[] {
  const operations = fieldsOf(body).get('operations');
  if (!Array.isArray(operations) || operations.length === 0 || operations.length > operationsMax) {
    throw new ApiError('scim.invalid_syntax', {
      detail: `Operations must be a list of 1 to ${operationsMax} operations`,
    });
  }
  return operations.flatMap(readOperation);
}

function readOperation(operation: unknown): readonly Operation[] {
  const fields = fieldsOf(operation);
  const name = fields.get('op');
  const op = typeof name === 'string' ? name.toLowerCase() : '';
  if (op !== 'add' && op !== 'replace' && op !== 'remove') {
    throw new ApiError('scim.invalid_syntax', { detail: 'op must be add, replace or remove' });
  }
  const path = fields.get('path');
  const value = fields.get('value');
  if (typeof path === 'string' && path !== '') {
    return [{ op, path: parsePath(path), value, isNamed: true }];
  }
  if (op === 'remove') {
    throw new ApiError('scim.no_target', { detail: 'remove needs a path' });
  }
  if (!isObject(value)) {
    throw new ApiError('scim.invalid_syntax', { detail: 'value must be an object where there is no path' });
  }
  return Object.entries(value).map(([each, inner]) => ({
    op,
    path: parsePath(each),
    value: inner,
    isNamed: false,
  }));
}

/** The attribute that a path without brackets names: `name.givenname`. */
export const dotted = ({ attribute, sub }: ScimPath): string =>
  sub === undefined ? attribute : `${attribute}.${sub}`;
