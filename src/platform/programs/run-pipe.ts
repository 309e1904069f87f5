import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { OperationError } from '../errors/operation-error.ts';
import type { Variables } from './child-options.ts';
import { spawnOptions } from './child-options.ts';
import { programPath } from './find-program.ts';

/** A program whose standard output is the input of the next. */
export interface Step {
  readonly program: string;
  readonly args: readonly string[];
  readonly environment?: Variables;
}

type Started = ReturnType<typeof start>;

/**
 * Runs programs, the output of each the input of the next, and answers what the last one wrote; with `into` it is
 * written to a new file instead, mode 0600, that is on the disk when this resolves. Throws OperationError where one of
 * them fails, however much it has written, and where the disk is full; none is left running.
 * @NOTE no pipe of a shell, nor of a library that imitates one: there a writer is ended once its reader has seen enough, and
 * nobody learns whether what it wrote was sound.
 */
export async function runPipe(steps: readonly Step[], into?: string): Promise<string> {
  const paths = await Promise.all(steps.map(({ program }) => programPath(program)));
  const programs: Started[] = [];
  let output = '';
  let sinkError: NodeJS.ErrnoException | undefined;
  try {
    // @NOTE started and connected in one go: of a program that ended before somebody listened, Node throws the output away.
    programs.push(...steps.map((step, index) => start(step, paths[index] ?? step.program)));
    const sink =
      into === undefined
        ? new Writable({
            write(chunk: Buffer, _encoding, done) {
              output += chunk.toString('utf8');
              done();
            },
          })
        : createWriteStream(into, { flags: 'wx', mode: 0o600, flush: true });
    sink.on('error', (error: NodeJS.ErrnoException) => {
      sinkError ??= error;
    });
    await Promise.all([...connect(programs, sink), ...programs.map(({ isDone }) => isDone)]);
    return output;
  } catch (error) {
    for (const { child } of programs) {
      child.kill('SIGKILL');
    }
    const ends = await Promise.allSettled(programs.map(({ isDone }) => isDone));
    throw explain(sinkError?.syscall === undefined ? error : sinkError, ends, into);
  }
}

function start({ program, args, environment }: Step, path: string) {
  const child = spawn(path, args, spawnOptions({ environment }));
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr = (stderr + chunk).slice(-4_000);
  });
  const isDone = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) {
        resolve();
      } else {
        const lines = stderr.trim().split('\n');
        const reason = lines.find((line) => /error|fatal/i.test(line)) ?? lines.at(-1) ?? '';
        reject(
          new OperationError(`${program} ended with ${signal ?? code}${reason === '' ? '' : `: ${reason}`}`),
        );
      }
    });
  });
  isDone.catch(() => undefined);
  return { child, isDone };
}

function connect(programs: readonly Started[], sink: Writable): Promise<void>[] {
  programs[0]?.child.stdin.end();
  return programs.map(async ({ child, isDone }, index) => {
    const next = programs[index + 1]?.child.stdin;
    if (next === undefined) {
      return await pipeline(child.stdout, sink);
    }
    // @NOTE a reader that has seen enough closes its end (`pg_restore --list`); the writer is let finish all the same:
    // only at its end does it know whether what it wrote was sound.
    next.on('error', () => undefined);
    next.once('close', () => {
      child.stdout.unpipe(next);
      child.stdout.resume();
    });
    child.stdout.pipe(next);
    return await isDone;
  });
}

/** @NOTE where a program fails, the pipe breaks as well: the program's own words say more. */
function explain(error: unknown, ends: readonly PromiseSettledResult<void>[], into = 'the output'): unknown {
  const { code } = error as { code?: unknown };
  // @NOTE a file that cannot be written makes the programs fail as well: it comes first, whichever was heard of first.
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') {
    return new OperationError(
      `${into} cannot be written (${code}): the disk is full; make room, and run it again`,
    );
  }
  if ((error as { syscall?: unknown }).syscall !== undefined || error instanceof OperationError) {
    return error;
  }
  const told = ends.find((end) => end.status === 'rejected' && !String(end.reason).includes('SIGKILL'));
  return told?.status === 'rejected' ? told.reason : error;
}
