import { execFile } from 'node:child_process';

/** What came of a command of a runbook. */
export interface RunCommand {
  readonly section: string;
  readonly command: string;
  readonly code: number;
  readonly output: string;
}

/** The commands of a runbook that a test may run (```bash run), by the section that they stand in. */
export function commandsOf(runbook: string): readonly Pick<RunCommand, 'section' | 'command'>[] {
  return runbook.split(/^## /m).flatMap((text) => {
    const [section = ''] = text.split('\n');
    return [...text.matchAll(/^```bash run\n(.*?)^```$/gms)].map(([, command = '']) => ({
      section,
      command,
    }));
  });
}

/** Runs the commands of these sections as an operator would, one after the other. */
export async function runCommands(
  runbook: string,
  sections: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<readonly RunCommand[]> {
  const results: RunCommand[] = [];
  for (const { section, command } of commandsOf(runbook)) {
    if (sections.includes(section)) {
      const { code, output } = await run(command, variables);
      results.push({ section, command, code, output });
    }
  }
  return results;
}

/** Runs a command as an operator would. */
export const run = (command: string, variables: Readonly<Record<string, string>>) =>
  new Promise<{ code: number; output: string }>((resolve) => {
    const child = execFile(
      'bash',
      ['-o', 'pipefail', '-c', command],
      { env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...variables }, timeout: 60_000 },
      (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, output: `${stdout}${stderr}` }),
    );
  });
