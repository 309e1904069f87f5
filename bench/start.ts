import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch } from '../src/platform/programs/launch.ts';
import { runFile } from '../src/platform/programs/run-to-end.ts';
import { isOk } from '../src/platform/programs/service-instance.ts';
import { freePort } from '../src/platform/system/free-port.ts';
import { packageRoot } from '../src/platform/system/package-root.ts';
import { childrenOf } from '../src/platform/system/processes.ts';
import { median } from './load.ts';
import { endedChildrenMicroseconds } from './requests/process-tree.ts';
import { openStage } from './stage.ts';

/** What a start takes, as it is built and from its source. Linux alone. */
const programs = { 'dist/': 'bin/brownie.cjs', 'src/': 'src/bin/brownie.ts' };
const rounds = 5;
const startTimeoutMs = 60_000;
/** The same each time: a database opens to the one that it knows. */
const secret = randomBytes(32).toString('base64');

interface Start {
  /** Until the command has ended, or the service has answered /health/ready. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Of the service and its parent together, once it has answered; none for a command. */
  readonly residentMb: number;
}

async function runVersion(program: string): Promise<Start> {
  const [startedAt, before] = [performance.now(), await endedChildrenMicroseconds()];
  const { code, stderr } = await runFile(process.execPath, [program, '--version'], {});
  if (code !== 0) {
    throw new Error(`${program} --version ended with ${code}\n${stderr}`);
  }
  return {
    seconds: (performance.now() - startedAt) / 1000,
    cpuSeconds: ((await endedChildrenMicroseconds()) - before) / 1e6,
    residentMb: Number.NaN,
  };
}

/** @param dsn of a database that is there; an embedded one is made without */
async function runServe(program: string, dsn?: string): Promise<Start> {
  await using resources = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'brownie-bench-start-'));
  resources.defer(() => rm(directory, { recursive: true }));
  const port = String(await freePort());
  const startedAt = performance.now();
  const child = await launch(process.execPath, [program, 'serve'], {
    directory,
    logFile: join(directory, 'log'),
    environment: {
      METADATA_PORT: port,
      METADATA_DATA_DIR: join(directory, 'data'),
      METADATA_DRAIN_SECONDS: '0',
      METADATA_JWT_SECRET: secret,
      ...(dsn === undefined ? {} : { METADATA_POSTGRES_DSN: dsn }),
    },
  });
  resources.defer(async () => void (await child.end('SIGTERM')));
  const isReady = (): Promise<boolean> => isOk(`http://127.0.0.1:${port}/health/ready`);
  if ((await child.untilReady(isReady, startTimeoutMs)) !== 'ready') {
    throw new Error(`${program} does not start:\n${await child.logTail()}`);
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const pids = [child.pid, ...(await childrenOf(child.pid)).map(({ pid }) => pid)];
  const usages = await Promise.all(pids.map(usageOf));
  return {
    seconds,
    cpuSeconds: usages.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    residentMb: usages.reduce((sum, { residentMb }) => sum + residentMb, 0),
  };
}

async function usageOf(pid: number): Promise<{ readonly cpuSeconds: number; readonly residentMb: number }> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  const ticksPerSecond = 100;
  return {
    cpuSeconds: (Number(user) + Number(system)) / ticksPerSecond,
    residentMb: Number(kilobytes) / 1024,
  };
}

await using stage = await openStage();
const kinds: Readonly<Record<string, (program: string) => Promise<Start>>> = {
  '--version': runVersion,
  'serve, database there': (program) => runServe(program, stage.serviceDsn),
  'serve, embedded database': (program) => runServe(program),
};
for (const [kind, start] of Object.entries(kinds)) {
  for (const [name, path] of Object.entries(programs)) {
    const starts: Start[] = [];
    for (let round = 0; round < rounds; round += 1) {
      starts.push(await start(join(packageRoot, path)));
    }
    const of = (key: keyof Start, digits: number): string =>
      median(starts.map((each) => each[key])).toFixed(digits);
    const memory = kind === '--version' ? '' : `, ${of('residentMb', 0)} MB resident`;
    process.stdout.write(
      `${kind}, from ${name}: ${of('seconds', 2)} s, ${of('cpuSeconds', 2)} s of CPU${memory}\n`,
    );
  }
}
