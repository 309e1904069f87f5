import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { expect, test } from 'vitest';
import { drainAcceptQueue } from './drain-accept-queue.ts';

const connections = 100;

/** How many of a hundred connections that were there before a server was closed got their answer. */
async function answered(beforeClosing: (server: Server) => Promise<void>): Promise<number> {
  const server = createServer((socket) => socket.end('here')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  let answers = 0;
  const ends = Array.from({ length: connections }, () => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.on('data', () => {
      answers += 1;
    });
    return new Promise((resolve) => socket.once('close', resolve));
  });
  await beforeClosing(server);
  server.close();
  await Promise.all(ends);
  return answers;
}

test('connections that wait to be accepted are accepted before it resolves', async () => {
  expect(await answered(drainAcceptQueue)).toBe(connections);
});

test('without it, they are reset: this is what it is for', async () => {
  expect(await answered(async () => undefined)).toBeLessThan(connections);
});
