import { connect, createServer, type Socket } from 'node:net';

/** A way to a server on this machine that counts how often it is taken. */
export interface CountingProxy extends AsyncDisposable {
  readonly port: number;
  /** When connections were asked for, whether or not the server took them: as `performance.now()` has it. */
  readonly connects: readonly number[];
}

/** Passes connections on to a port of 127.0.0.1; closes those that the server refuses. */
export async function startCountingProxy(target: number): Promise<CountingProxy> {
  const connects: number[] = [];
  const open = new Set<Socket>();
  const server = createServer((client) => {
    connects.push(performance.now());
    const upstream = connect(target, '127.0.0.1');
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    connects,
    async [Symbol.asyncDispose]() {
      for (const socket of open) {
        socket.destroy();
      }
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
