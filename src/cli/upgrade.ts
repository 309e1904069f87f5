import type { Command } from 'commander';

/** `brownie upgrade …`: before an update, by the program of the new release. */
export function addUpgrade(program: Command): void {
  program
    .command('upgrade')
    .description('what an update to this release would meet')
    .command('check')
    .description('say what an update would do to the database, and what stands in its way; changes nothing')
    .option('--json', 'as JSON')
    .action(async (options) => (await import('../commands/upgrade-check.ts')).upgradeCheck(options));
}
