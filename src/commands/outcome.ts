/** How a command of day-2 operations ended; `exitCodes` says what each means. */
export type ExitCode = 0 | 1 | 3 | 4;

/** What each exit code means, of every command. */
export const exitCodes = {
  0: 'done, or nothing is wrong',
  1: 'failed, or something is badly wrong',
  2: 'wrong usage: nothing was done',
  3: 'done, but something needs a look',
  4: 'refused: nothing was changed',
} as const;

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
  process.stdout.write(options.json ? asJson(json) : text);
  process.exitCode = exitCode;
}

/** JSON as the API writes it: names in snake_case. Names that are data (settings, tables) stay as they are. */
export const asJson = (value: object): string => `${JSON.stringify(snakeCased(value), null, 2)}\n`;

function snakeCased(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(snakeCased);
  }
  if (typeof value !== 'object' || value === null || 'toJSON' in value) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      /^[a-z][a-z\d]*([A-Z][a-z\d]*)+$/.test(name)
        ? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
        : name,
      snakeCased(each),
    ]),
  );
}
