import { freePort } from '../system/free-port.ts';
import { PortTakenError } from './running-server.ts';
import type { ServerProcess } from './server-process.ts';

const attemptsMax = 3;

/** Starts a server on the remembered port where it is free, else on another; tries anew when it is snatched away. */
export async function launchOnFreePort(
  remembered: number | undefined,
  launch: (port: number) => Promise<ServerProcess>,
): Promise<{ readonly port: number; readonly server: ServerProcess }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort(attempt === 1 ? remembered : undefined);
    try {
      return { port, server: await launch(port) };
    } catch (error) {
      if (!(error instanceof PortTakenError) || attempt === attemptsMax) {
        throw error;
      }
    }
  }
}
