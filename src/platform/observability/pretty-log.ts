import { styleText } from 'node:util';
import { type Paint, prettyLine } from './pretty-line.ts';

const inColors: Paint = (style, text) => styleText(style, text);

/**
 * What the log passes through on its way to a terminal: lines for people, in colors unless NO_COLOR is set, in the place of
 * JSON: `2026-11-25 18:01:33.436 INFO: service started url=…`.
 */
export const prettyLines = (
  destination: { write(line: string): void },
  paint: Paint = inColors,
): { write(line: string): void } => ({
  write: (line) =>
    destination.write(`${prettyLine(JSON.parse(line) as Readonly<Record<string, unknown>>, paint)}\n`),
});
