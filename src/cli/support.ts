import type { Command } from 'commander';
import { wholeNumber } from '../platform/system/whole-number.ts';

/** `brownie support …`: what is handed to somebody else. */
export function addSupport(program: Command): void {
  program
    .command('support')
    .description('hand over what somebody else needs to understand a fault')
    .command('bundle')
    .description(
      'write one file: configuration masked, doctor, versions, migrations, metrics, the end of the log',
    )
    .option('--output <file>', 'where it is written; by default brownie-support-<time>.tar.gz in this folder')
    .option('--log <file>', 'log lines of the service; by default the journal')
    .option('--log-lines <n>', 'how many of them', wholeNumber(1, 1_000_000), 5_000)
    .option('--json', 'as JSON')
    .action(async (options) => (await import('../commands/support-bundle.ts')).supportBundle(options));
}
