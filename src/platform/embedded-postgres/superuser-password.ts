import type { Launcher } from './launcher.ts';
import { runProgram } from './run-program.ts';

/**
 * Gives the superuser a password while no server runs: for data whose `credentials.json` was lost or belongs to
 * other data. Uses PostgreSQL's single-user mode, which asks nobody for a password.
 */
export async function resetSuperuserPassword(
  command: Launcher['command'],
  postgres: string,
  dataDirectory: string,
  password: string,
): Promise<void> {
  const args = ['--single', '-D', dataDirectory, '-c', 'log_min_error_statement=panic', 'postgres'];
  const input = `ALTER ROLE postgres PASSWORD '${password}'\n`;
  const { succeeded, output } = await runProgram(command(postgres, args), { input });
  if (!succeeded || /ERROR|FATAL/.test(output)) {
    throw new Error(output);
  }
}
