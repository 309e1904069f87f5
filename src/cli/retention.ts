import type { Command } from 'commander';
import { wholeNumber } from '../platform/system/whole-number.ts';

const days = wholeNumber(1, 36_500);

/** `brownie retention`: what is older than it is kept. */
export function addRetention(program: Command): void {
  program
    .command('retention')
    .description('say how much is older than it is kept, and remove it')
    .option('--apply', 'remove it')
    .option('--organization <organization>', 'of one alone, by its id or slug')
    .option('--audit-days <n>', 'instead of METADATA_AUDIT_RETENTION_DAYS', days)
    .option('--stats-days <n>', 'instead of METADATA_STATS_RETENTION_DAYS', days)
    .option('--timeline-days <n>', 'instead of METADATA_TIMELINE_RETENTION_DAYS', days)
    .option('--json', 'as JSON, with the checkpoints to keep')
    .action(async (options) => (await import('../commands/retention.ts')).retention(options));
}
