import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PortTakenError, type ServerPlan, startServer } from './running-server.ts';
import { temporaryFolder } from './temporary-folder.fixture.ts';

/** A program in the place of PostgreSQL, which does what no real one can be made to do. */
async function planFor(directory: string, script: string): Promise<ServerPlan> {
  const dataDirectory = join(directory, 'postgres');
  const program = join(directory, 'program');
  await mkdir(dataDirectory);
  await writeFile(program, `#!/bin/sh\n${script}\n`);
  await chmod(program, 0o700);
  const logFile = join(directory, 'postgres.log');
  return { command: [program, []], directory, dataDirectory, logFile, log: () => {}, patienceMs: 300 };
}

test.concurrent('a server that does not get ready is ended, and its last log lines are quoted', async () => {
  await using folder = await temporaryFolder();
  const plan = await planFor(
    folder.path,
    'echo "2026-01-02 03:04:05.678 UTC [9] LOG:  thinking" >&2; exec sleep 60',
  );
  await expect(startServer(plan)).rejects.toMatchObject({
    name: 'EmbeddedPostgresError',
    message: 'PostgreSQL did not start, it was not ready within 0.3 s: LOG:  thinking',
  });
});

test.concurrent('a server that reports progress is given more time', async () => {
  await using folder = await temporaryFolder();
  const progress = 'for i in 1 2 3 4 5; do echo "redo in progress, elapsed time: $i s"; sleep 0.2; done';
  const plan = await planFor(folder.path, progress);
  await expect(startServer(plan)).rejects.toThrow(
    'it ended (exit code 0): redo in progress, elapsed time: 1 s | ',
  );
});

test.concurrent('a port that was snatched away is told apart', async () => {
  await using folder = await temporaryFolder();
  const plan = await planFor(folder.path, 'echo "LOG: could not bind: Address already in use"; exit 1');
  await expect(startServer(plan)).rejects.toBeInstanceOf(PortTakenError);
});

test.concurrent('a program that cannot be run is quoted', async () => {
  await using folder = await temporaryFolder();
  const plan = await planFor(folder.path, '');
  await expect(startServer({ ...plan, command: ['/nowhere/postgres', []] })).rejects.toThrow(
    /^PostgreSQL did not start, it ended \(exit code 127\): .*\/nowhere\/postgres: not found/,
  );
});
