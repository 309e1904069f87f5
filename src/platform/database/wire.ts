import type { Socket } from 'node:net';
import pg from 'pg';
import type { Description } from './description.ts';

/** The part of pg's connection that queries of ours write to. Its typings leave these out. */
export interface WireConnection {
  readonly stream: Pick<Socket, 'cork' | 'uncork' | 'write' | 'writable' | 'destroy'>;
  /** Whether what is written waits for the end of the turn. */
  isGathering?: boolean;
  /** The text of each statement that the server has parsed under a name. */
  parsedStatements: Record<string, string>;
  readonly submittedNamedStatements: Record<string, string>;
  /** What statements of ours give, by name. */
  descriptions?: Map<string, Description>;
  parse(message: { readonly name: string; readonly text: string }): void;
  describe(message: { readonly type: 'P' | 'S'; readonly name: string }): void;
  sync(): void;
}

/** pg's own class of queries, whose methods take what the server says. */
export const Query = pg.Query as unknown as new (
  config: { readonly text: string; readonly name?: string },
  values: undefined,
  callback: (error: Error | null) => void,
) => {
  readonly name: string | undefined;
  readonly text: string;
  submit(connection: WireConnection): Error | null;
  prepare(connection: WireConnection): void;
  hasBeenParsed(connection: WireConnection): boolean;
  handleRowDescription(message: { readonly fields: readonly pg.FieldDef[] }): void;
  handleDataRow(message: { readonly fields: readonly (string | null)[] }): void;
  handleCommandComplete(message: { readonly text: string }, connection: WireConnection): void;
  handleReadyForQuery(connection: WireConnection): void;
  handleError(error: Error, connection: WireConnection): void;
};

/** The connection below a client. */
export const wireOf = (client: pg.ClientBase): WireConnection =>
  (client as unknown as { connection: WireConnection }).connection;

/** Cuts a connection, whatever is under way on it. */
export const destroySocket = (client: pg.ClientBase): void => {
  wireOf(client).stream.destroy();
};

/** Gathers what is written to a connection in this turn of the event loop, so that it leaves in one system call. */
export function gather(client: pg.ClientBase): void {
  const connection = wireOf(client);
  if (!connection.isGathering) {
    const { stream } = connection;
    connection.isGathering = true;
    stream.cork();
    setImmediate(() => {
      connection.isGathering = false;
      stream.uncork();
    });
  }
}
