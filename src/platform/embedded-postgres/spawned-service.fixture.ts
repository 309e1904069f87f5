import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** What the service said in one of its lines. */
interface Said {
  readonly step: string;
  readonly message?: string;
  readonly name?: string;
  readonly ownerDsn?: string;
  readonly superuserDsn?: string;
}

/** A service in a process, and process group, of its own. */
export interface SpawnedService extends AsyncDisposable {
  readonly pid: number;
  /** Waits for the next line that is not a log message; the whole story ends with the step `ended`. */
  next(): Promise<Said>;
  /** To the process alone, or as a terminal does to its whole group. */
  signal(name: NodeJS.Signals, whom?: 'process' | 'group'): void;
}

const script = join(import.meta.dirname, 'service-process.fixture.ts');

/**
 * Starts the service on a folder.
 * @param wrapper a command that runs the rest of its arguments, for instance in a namespace
 */
export function spawnService(
  job: 'start' | 'lock',
  directory: string,
  wrapper: readonly string[] = [],
): SpawnedService {
  const [file = '', ...args] = [...wrapper, process.execPath, script, job, directory];
  const child = spawn(file, args, { detached: true, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const pid = child.pid ?? 0;
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<Said> => {
    for (;;) {
      const { done, value } = await lines.next();
      if (done === true) {
        return { step: 'ended' };
      }
      const said: Said = JSON.parse(value);
      if (said.step !== 'log') {
        return said;
      }
    }
  };
  return {
    pid,
    next,
    signal: (name, whom = 'process') => process.kill(whom === 'group' ? -pid : pid, name),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
