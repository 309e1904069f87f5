/** How a command of day-2 operations ended: done, failed, worked with something to look at, refused to begin. */
export type ExitCode = 0 | 1 | 3 | 4;

/** What a command has to say: the same for people and for machines. */
export interface Outcome {
  readonly exitCode: ExitCode;
  /** For people; ends with a line break. */
  readonly text: string;
  /** For `--json`. Holds no secret, as `text` holds none. */
  readonly json: object;
}

/** Prints an outcome in the form that was asked for, and sets the exit code. */
export function report({ exitCode, text, json }: Outcome, options: { readonly json?: boolean }): void {
  process.stdout.write(options.json ? `${JSON.stringify(json, null, 2)}\n` : text);
  process.exitCode = exitCode;
}
