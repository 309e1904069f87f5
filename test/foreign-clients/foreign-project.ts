import { execFile } from 'node:child_process';
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * A copy of a project beside this file with what its lock names installed, and openapi.json as given. Runs programs in it; rejects with all
 * that one wrote where it fails.
 */
export async function foreignProject(
  name: 'typescript' | 'python',
  folder: string,
  document: object,
): Promise<
  (command: string, args: readonly string[], variables?: Readonly<Record<string, string>>) => Promise<string>
> {
  await cp(join(import.meta.dirname, name), folder, { recursive: true });
  await writeFile(join(folder, 'openapi.json'), JSON.stringify(document));
  // @NOTE all of the environment: how npm reaches its registry is the machine's own.
  const env = { ...process.env, PATH: `${join(folder, 'node_modules/.bin')}:${process.env['PATH']}` };
  const inside = async (command: string, args: readonly string[], variables = {}): Promise<string> => {
    const options = { cwd: folder, env: { ...env, ...variables }, maxBuffer: 64 * 1024 * 1024 };
    try {
      return (await run(command, args, options)).stdout;
    } catch (error) {
      const { message, stdout } = error as Error & { stdout?: string };
      throw new Error(`${message}\n${stdout}`);
    }
  };
  await inside('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline']);
  return inside;
}
