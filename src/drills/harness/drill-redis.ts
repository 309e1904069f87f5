import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { type Program, startProgram } from '../../platform/programs/program.ts';
import { freePort } from '../../platform/system/free-port.ts';

/** A Redis with a password, that keeps nothing and comes back at the same address. */
export interface DrillRedis extends AsyncDisposable {
  readonly url: string;
  readonly password: string;
  start(): Promise<void>;
  /** As a machine that dies does. */
  kill(): Promise<void>;
  /** Lets it stand still, or go on. */
  freeze(isFrozen: boolean): void;
}

/** Starts it at a free port. @NOTE the password is the drill's own, and gone with it. */
export async function startDrillRedis(directory: string): Promise<DrillRedis> {
  const port = await freePort();
  const password = randomBytes(18).toString('base64url');
  let running: Program | undefined;
  const start = async (): Promise<void> => {
    running = await startProgram({
      command: 'redis-server',
      args: [
        ...['--port', String(port), '--bind', '127.0.0.1', '--requirepass', password],
        ...['--save', '', '--appendonly', 'no'],
      ],
      directory,
      isReady: () => isListening(port),
    });
  };
  const freeze = (isFrozen: boolean): void => {
    if (running !== undefined) {
      process.kill(running.pid, isFrozen ? 'SIGSTOP' : 'SIGCONT');
    }
  };
  const kill = async (): Promise<void> => {
    await running?.end('SIGKILL');
    running = undefined;
  };
  await start();
  const url = `redis://:${password}@127.0.0.1:${port}/0`;
  return { url, password, start, kill, freeze, [Symbol.asyncDispose]: kill };
}

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
