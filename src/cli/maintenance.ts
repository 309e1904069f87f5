import { type Command, InvalidArgumentError } from 'commander';
import { futureTime } from '../commands/future-time.ts';
import { wholeNumber } from '../platform/system/whole-number.ts';

const json = ['--json', 'as JSON'] as const;
const dryRun = ['--dry-run', 'say what would be done, and change nothing'] as const;
const url = ['--url <url>', 'of the instance; by default the one on this machine'] as const;

/** `brownie maintenance …`, `drain`, `undrain`: refuse changes everywhere, or take one instance out of service. */
export function addMaintenance(program: Command): void {
  const maintenance = program
    .command('maintenance')
    .description('refuse changes on every instance; reads and logins go on');
  maintenance
    .command('status')
    .description('show whether it is on')
    .option(...json)
    .action(async (options) => (await load()).maintenanceStatus(options));
  maintenance
    .command('on')
    .description('begin, or change message and end')
    .requiredOption('--message <text>', 'what clients are told, 500 characters at most', message)
    .option('--until <moment>', 'when it ends by itself: 30m, 2h, 2026-03-01T04:30:00Z', (text) =>
      futureTime(text),
    )
    .option(...dryRun)
    .option(...json)
    .action(async (options) => (await load()).maintenanceOn(options));
  maintenance
    .command('off')
    .description('end it')
    .option(...dryRun)
    .option(...json)
    .action(async (options) => (await load()).maintenanceOff(options));

  program
    .command('drain')
    .description('take one instance out of service: not ready any more; what still comes is served')
    .option(...url)
    .option('--wait <seconds>', 'for the requests under way', wholeNumber(0, 3_600), 30)
    .option(...dryRun)
    .option(...json)
    .action(async (options) => (await import('../commands/drain.ts')).drain(options));
  program
    .command('undrain')
    .description('put it back into service')
    .option(...url)
    .option(...dryRun)
    .option(...json)
    .action(async (options) => (await import('../commands/drain.ts')).undrain(options));
}

const load = () => import('../commands/maintenance.ts');

function message(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '' || [...trimmed].length > 500) {
    throw new InvalidArgumentError('It must have 1 to 500 characters.');
  }
  return trimmed;
}
