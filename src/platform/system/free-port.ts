import { createServer } from 'node:net';

/**
 * A TCP port of 127.0.0.1 that nobody listens on.
 * @param remembered returned when it is still free, so that addresses people wrote down stay valid
 */
export async function freePort(remembered?: number): Promise<number> {
  if (remembered !== undefined && (await listenBriefly(remembered)) !== null) {
    return remembered;
  }
  const port = await listenBriefly(0);
  if (port === null) {
    throw new Error('no free TCP port on 127.0.0.1');
  }
  return port;
}

function listenBriefly(port: number): Promise<number | null> {
  const { promise, resolve } = Promise.withResolvers<number | null>();
  const server = createServer();
  server.once('error', () => resolve(null));
  server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
    const address = server.address();
    const taken = typeof address === 'object' && address !== null ? address.port : null;
    server.close(() => resolve(taken));
  });
  return promise;
}
