import type pg from 'pg';
import { typeParsers } from './types.ts';

/** The columns of a statement: their names, and what makes the API's values of PostgreSQL's text. */
export interface Description {
  readonly names: readonly string[];
  readonly parsers: readonly ((text: string) => unknown)[];
}

/** Of what the server says of the columns. */
export const descriptionOf = (fields: readonly pg.FieldDef[]): Description => ({
  names: fields.map(({ name }) => name),
  parsers: fields.map(({ dataTypeID }) => typeParsers.getTypeParser(dataTypeID) as (text: string) => unknown),
});
