import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { RowCheck } from './queryable.ts';

/**
 * Checks each row that comes out of the database against the schema it is read as, and throws where they differ: what
 * makes the row types of plain SQL trustworthy. On in tests, where every statement runs; off in production.
 */
export function createRowCheck(): RowCheck {
  const validators = new WeakMap<TSchema, ReturnType<typeof Compile>>();
  return (schema, row, statement) => {
    const validator = validators.get(schema) ?? Compile(schema);
    validators.set(schema, validator);
    if (!validator.Check(row)) {
      const faults = validator.Errors(row).map((fault) => `${fault.instancePath} ${fault.message}`);
      throw new Error(`a row differs from its schema: ${faults.join('; ')}\n${statement}`);
    }
  };
}
