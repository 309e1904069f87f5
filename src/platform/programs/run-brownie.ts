import { spawn } from 'node:child_process';

/** Variables of the environment, by name. */
export type Variables = Readonly<Record<string, string>>;

export const program = new URL('../../bin/brownie.ts', import.meta.url).pathname;

/** @NOTE nothing of the machine's own configuration may reach what a drill runs. */
export function environment(variables: Variables): NodeJS.ProcessEnv {
  // biome-ignore lint/style/noProcessEnv: where programs are, no setting of the service
  const { PATH, HOME } = process.env;
  return { PATH, HOME, ...variables };
}

/** How a command ended, and what it wrote. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Surroundings {
  readonly variables: Variables;
  /** Where it runs: a folder without a `.env`. */
  readonly directory: string;
}

/** Runs a command of `brownie` to its end, whatever its exit code. */
export async function finishBrownie(
  args: readonly string[],
  { variables, directory }: Surroundings,
): Promise<Finished> {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: directory,
    env: environment(variables),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      written[name] += text;
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, ...written };
}

/** As `finishBrownie`; answers what it wrote to standard output. Rejects with all that it wrote where it does not end with 0. */
export async function runBrownie(args: readonly string[], surroundings: Surroundings): Promise<string> {
  const { code, stdout, stderr } = await finishBrownie(args, surroundings);
  if (code !== 0) {
    throw new Error(`brownie ${args.join(' ')} ended with ${code}\n${stderr}${stdout}`);
  }
  return stdout;
}
