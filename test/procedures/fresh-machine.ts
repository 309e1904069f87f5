import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

const root = join(import.meta.dirname, '../..');
const machineScript = join(import.meta.dirname, 'fresh-machine.sh');

export type MachineUser = 'root' | 'postgres';

/** What a script wrote, and how it ended. */
export interface MachineRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A Debian of its own, with the programs of this one and the repository in /opt/brownie: its own /etc, data folders, processes and
 * network, in which it is db.example.com. What the documents say runs there as it stands, whatever this machine runs. Nothing of it
 * is left once it is disposed of. Takes root, for the namespaces.
 */
export interface FreshMachine extends AsyncDisposable {
  /** Runs a script in one bash that ends at the first failure, in the folder of the user that has `deploy/` in it. */
  run(user: MachineUser, script: string): Promise<MachineRun>;
  /** As `run`; answers standard output, and rejects where it does not end with 0. */
  bash(user: MachineUser, script: string): Promise<string>;
  /** Starts one that stays: `input` ends when it is told to. */
  start(user: MachineUser, script: string): ChildProcessWithoutNullStreams;
}

export async function freshMachine(): Promise<FreshMachine> {
  const directory = await mkdtemp(join(tmpdir(), 'brownie-machine-'));
  const namespaces = ['--mount', '--net', '--pid', '--fork', '--mount-proc', '--kill-child'];
  const holder = spawn('unshare', [...namespaces, 'bash', machineScript, directory, root], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] },
  });
  const isOver = once(holder, 'close');
  const complaints = text(holder.stderr);
  const isReady = new Promise<void>((resolve, reject) => {
    createInterface(holder.stdout).once('line', () => resolve());
    isOver.then(async () => reject(new Error(`There is no machine to be had: ${await complaints}`)));
  });
  const of = (namespace: string): string => `/proc/${holder.pid}/ns/${namespace}`;
  const start = (user: MachineUser, script: string): ChildProcessWithoutNullStreams => {
    const home = user === 'root' ? '/root' : '/var/lib/postgresql';
    const path =
      '/usr/local/lib/brownie-machine:/opt/brownie/bin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
    const variables = [`PATH=${path}`, `HOME=${home}`, 'LANG=C.UTF-8'];
    const as = user === 'root' ? [] : ['runuser', '-u', user, '--'];
    return spawn(
      'nsenter',
      [
        ...[`--mount=${of('mnt')}`, `--net=${of('net')}`, `--pid=${of('pid_for_children')}`, '--'],
        ...[...as, 'env', '-i', `--chdir=${home}/brownie`, ...variables, 'bash', '--norc', '-euc', script],
      ],
      { stdio: ['pipe', 'pipe', 'pipe'] },
    );
  };
  const run = async (user: MachineUser, script: string): Promise<MachineRun> => {
    const child = start(user, script);
    child.stdin.end();
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number | null]>,
    ]);
    return { code, stdout, stderr };
  };
  const machine: FreshMachine = {
    run,
    async bash(user, script) {
      const { code, stdout, stderr } = await run(user, script);
      if (code !== 0) {
        throw new Error(`as ${user}, this ended with ${code}:\n${script}\n${stderr}${stdout}`);
      }
      return stdout;
    },
    start,
    async [Symbol.asyncDispose]() {
      // @NOTE the namespace of processes ends with its first one, and all of them with it.
      holder.kill('SIGKILL');
      await isOver;
      await rm(directory, { recursive: true, force: true });
    },
  };
  try {
    await isReady;
  } catch (error) {
    await machine[Symbol.asyncDispose]();
    throw error;
  }
  return machine;
}
