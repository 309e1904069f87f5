export type ProcessLevel = 'info' | 'warning' | 'error' | 'critical';

/** A line of the log about the process itself, in the form of every other line; ends in a newline. */
export const processLine = (
  level: ProcessLevel,
  message: string,
  fields: Readonly<Record<string, unknown>> = {},
): string =>
  `${JSON.stringify({ timestamp: new Date().toISOString(), level, logger: 'brownie.process', ...fields, message })}\n`;

/** Whether a line is one JSON object already. */
export function isLogLine(line: string): boolean {
  if (!line.startsWith('{')) {
    return false;
  }
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
