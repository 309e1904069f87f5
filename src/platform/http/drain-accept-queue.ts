import type { Server } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long a turn of the event loop may take to count as one in which nothing came. */
const quietTurnMs = 0.1;
const patienceMs = 2_000;

/**
 * Resolves at a moment when no connection waits to be accepted; close the server in the same turn.
 *
 * @NOTE Linux resets the connections that wait when a listening socket is closed, and their clients have long sent
 * their requests: Node.js accepts one a turn, so under load there are always some.
 */
export async function drainAcceptQueue(server: Server): Promise<void> {
  let accepted = 0;
  const count = (): void => {
    accepted += 1;
  };
  server.on('connection', count);
  const deadline = performance.now() + patienceMs;
  for (let isQuiet = false; !isQuiet; ) {
    const before = accepted;
    const turnBegan = performance.now();
    await nextTurn();
    const now = performance.now();
    // @NOTE out of patience, any turn in which nobody came will do: the machine is too busy for a short one.
    isQuiet = accepted === before && (now - turnBegan < quietTurnMs || now > deadline);
  }
  server.removeListener('connection', count);
}
