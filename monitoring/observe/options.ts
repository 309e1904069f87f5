import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { wholeNumber } from '../../src/platform/system/whole-number.ts';

export interface ObserveOptions {
  /** Of the service, without a slash at its end. */
  readonly url: string;
  /** Where everything is kept. */
  readonly directory: string;
  readonly prometheusPort: number;
  readonly alertmanagerPort: number;
  readonly proberPort: number;
  /** By how much windows and waits of the alerts are shortened; 1 where they are those of `deploy/`. */
  readonly timeScale: number;
  readonly traffic: boolean;
}

const port = wholeNumber(1, 65_535);

/**
 * Reads the arguments, without the program and the script. Ends the process with 0 after `--help`, with 2 and a line
 * where they are wrong.
 */
export function readOptions(args: readonly string[]): ObserveOptions {
  const command = new Command('npm run observe --')
    .description(
      'Watch a service that runs: Prometheus and Alertmanager with the rules of deploy/, a prober, a little traffic, and alerts printed as they come.',
    )
    .option('--url <url>', 'the service', httpUrl, 'http://localhost:8080')
    .option('--directory <path>', 'where everything is kept', '.brownie/observe')
    .option('--prometheus-port <port>', 'where Prometheus listens', port, 9090)
    .option('--alertmanager-port <port>', 'where Alertmanager listens', port, 9093)
    .option('--prober-port <port>', 'where the prober listens', port, 9115)
    .option('--time-scale <n>', 'shorten the windows and waits of the alerts n times', timeScale, 1)
    .option('--no-traffic', 'send no requests')
    .configureOutput({ outputError: (text, write) => write(text) })
    .exitOverride();
  try {
    return command.parse(args, { from: 'user' }).opts<ObserveOptions>();
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      throw error;
    }
    process.exit(error.exitCode === 0 ? 0 : 2);
  }
}

function httpUrl(text: string): string {
  if (!/^https?:\/\/./.test(text) || !URL.canParse(text)) {
    throw new InvalidArgumentError('Give one such as http://localhost:8080.');
  }
  return text.replace(/\/+$/, '');
}

function timeScale(text: string): number {
  const scale = Number(text);
  if (!(scale >= 1)) {
    throw new InvalidArgumentError('Give a number from 1 on.');
  }
  return scale;
}
