import { type Command, CommanderError } from 'commander';
import { createProgram } from './program.ts';

/** Runs the command that the arguments name, and sets the exit code: see `exitCodes`. */
export async function run(argv: readonly string[]): Promise<void> {
  // @NOTE whoever reads us may have seen enough: `brownie openapi | head`.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      throw error;
    }
  });
  await execute(createProgram(), argv);
}

async function execute(program: Command, argv: readonly string[]): Promise<void> {
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) {
      return;
    }
    const { explain } = await import('../commands/explain.ts');
    const { lines, exitCode, json } = explain(error);
    if (lines.length > 0) {
      process.stderr.write(`${lines.join('\n')}\n`);
    }
    if (argv.includes('--json')) {
      process.stdout.write(json);
    }
    process.exitCode = exitCode;
  }
}
