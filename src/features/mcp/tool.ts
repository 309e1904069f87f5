import type { Static, TSchema } from 'typebox';
import type { Scope } from '../../platform/auth/scopes.ts';

/** What an operation of the API is asked with. */
export interface OperationInput {
  readonly params?: Readonly<Record<string, string>>;
  /** Those that are undefined are left out. */
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: object;
  /** The version that a change is meant for. */
  readonly ifMatch?: number | undefined;
}

/** The API, as whoever calls a tool may use it. */
export interface Operations {
  /** The organization that their token or key is for. */
  readonly orgId: string;
  /** The body of the reply. Throws ToolFault where the API refuses. */
  call(operationId: string, input: OperationInput): Promise<Record<string, unknown>>;
}

/** Something that an agent does, in terms of operations of the API: all that these hold to, a tool holds to. */
export interface Tool<Input extends TSchema = TSchema> {
  readonly name: string;
  readonly title: string;
  /** For a language model: what it does, when it is of use, and what to do next. */
  readonly description: string;
  /** Without it the tool is not listed; undefined: for everybody. What is refused then is for the operations to say. */
  readonly scope?: Scope;
  /** The operations that it calls: a tool of others does not start. */
  readonly operations: readonly string[];
  readonly input: Input;
  readonly output: object;
  readonly changes: 'nothing' | 'adds' | 'replaces';
  run(api: Operations, given: Static<Input>): Promise<object>;
}

/** Declares a tool: what it takes says what it is given. */
export const tool = <Input extends TSchema>(declaration: Tool<Input>): Tool => declaration;

/** What a model is told that cannot do what it wanted, word for word. */
export class ToolFault extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'ToolFault';
    this.status = status;
  }
}
