import { processSource, resolveConfig } from '../config/index.ts';
import { asJson } from './outcome.ts';

/** Prints the effective configuration; secrets are masked. */
export async function showConfig(options: { json?: boolean }): Promise<void> {
  const { settings, warnings } = resolveConfig(processSource());
  if (options.json) {
    const rows = settings.map(({ name, section, json, source }) => ({ name, section, value: json, source }));
    process.stdout.write(asJson({ settings: rows, warnings }));
    return;
  }
  const width = (pick: (row: (typeof settings)[number]) => string): number =>
    Math.max(...settings.map((row) => pick(row).length));
  const [names, values] = [
    width((row) => row.name),
    Math.min(
      60,
      width((row) => row.value),
    ),
  ];
  for (const { name, value, source } of settings) {
    process.stdout.write(`${name.padEnd(names)}  ${value.padEnd(values)}  ${source}\n`);
  }
  for (const warning of warnings) {
    process.stderr.write(`warning: ${warning}\n`);
  }
}
