import { spawn } from 'node:child_process';

/** Variables of the environment, by name. */
export type Variables = Readonly<Record<string, string>>;

export const program = new URL('../../../bin/brownie.ts', import.meta.url).pathname;

/** @NOTE nothing of the machine's own configuration may reach what a drill runs. */
export function environment(variables: Variables): NodeJS.ProcessEnv {
  // biome-ignore lint/style/noProcessEnv: where programs are, no setting of the service
  const { PATH, HOME } = process.env;
  return { PATH, HOME, ...variables };
}

/**
 * Runs a command of `brownie` to its end, in a folder without a `.env`; answers what it wrote to standard output.
 * Rejects with all that it wrote where it does not end with 0.
 */
export async function runBrownie(
  args: readonly string[],
  { variables, directory }: { readonly variables: Variables; readonly directory: string },
): Promise<string> {
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
  if (code !== 0) {
    throw new Error(`brownie ${args.join(' ')} ended with ${code}\n${written.stderr}${written.stdout}`);
  }
  return written.stdout;
}
