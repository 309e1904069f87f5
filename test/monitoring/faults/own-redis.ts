import { connect } from 'node:net';
import { type Program, startProgram } from '../../../src/platform/programs/program.ts';
import { freePort } from '../../../src/platform/system/free-port.ts';

/** A Redis of a test's own, that keeps nothing. */
export interface OwnRedis extends AsyncDisposable {
  readonly url: string;
  start(): Promise<void>;
  /** Kills it as a machine that dies does. */
  kill(): Promise<void>;
  /** It answers nothing, and its connections stay open, until it goes on. */
  freeze(): void;
  resume(): void;
}

/** Starts Redis on a free port; it comes back there after `kill`. */
export async function ownRedis(directory: string): Promise<OwnRedis> {
  const port = await freePort();
  let running: Program | undefined;
  const start = async (): Promise<void> => {
    running = await startProgram({
      command: 'redis-server',
      args: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
      directory,
      isReady: () => isListening(port),
    });
  };
  const kill = async (): Promise<void> => {
    await running?.end('SIGKILL');
    running = undefined;
  };
  const signal = (name: NodeJS.Signals): void => {
    if (running !== undefined) {
      process.kill(running.pid, name);
    }
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    start,
    kill,
    freeze: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
    [Symbol.asyncDispose]: kill,
  };
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
