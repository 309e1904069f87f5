import type { components } from './generated/schema.ts';
import type { CallOptions } from './options.ts';

/** The shapes of the API by their names: `Schemas['Incident']`. */
export type Schemas = Omit<components['schemas'], 'Operations'>;

type Operations = components['schemas']['Operations'];

/** What can be called. */
export type OperationId = keyof Operations;

type PathOf<O> = O extends { path: infer Path } ? { readonly path: Path } : unknown;

type QueryOf<O> = O extends { query: infer Query }
  ? Record<never, never> extends Query
    ? { readonly query?: Query }
    : { readonly query: Query }
  : unknown;

type BodyOf<O> = O extends { body: infer Body } ? { readonly body: Body } : unknown;

/** What an operation is called with: the parameters of its path, its query, its body, and how the call is made. */
export type Input<Id extends OperationId> = CallOptions &
  PathOf<Operations[Id]> &
  QueryOf<Operations[Id]> &
  BodyOf<Operations[Id]>;

/** What an operation answers: undefined where there is nothing to say, and one value after the other where it answers lines. */
export type Output<Id extends OperationId> = Operations[Id] extends { line: infer Line }
  ? AsyncIterable<Line>
  : Operations[Id] extends { reply: infer Reply }
    ? Reply
    : undefined;

/** A function for each operation of the API, named as its `operationId`. */
export type Brownie = {
  readonly [Id in OperationId]: Record<never, never> extends Input<Id>
    ? (input?: Input<Id>) => Promise<Output<Id>>
    : (input: Input<Id>) => Promise<Output<Id>>;
};
