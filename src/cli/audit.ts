import type { Command } from 'commander';
import { pastTime } from '../commands/past-time.ts';

/** `brownie audit …`: audit trails as evidence. */
export function addAudit(program: Command): void {
  const audit = program
    .command('audit')
    .description('audit trails as evidence: compare them with their chains');
  audit
    .command('verify')
    .description('compare an exported audit trail with its chain, or without a file those of the database')
    .argument('[export]', 'file of …/audit-events/export')
    .option('--checkpoint <file>', 'with an export: what …/audit-events/checkpoint answered, kept elsewhere')
    .option(
      '--key <id>',
      'the key that must have signed the checkpoint; without a file, an earlier key of the service',
    )
    .option('--pruned <file>', 'with an export: the checkpoint up to which the operator removed entries')
    .option('--organization <organization>', 'without a file: of one alone, by its id or slug')
    .option('--json', 'as JSON')
    .action(async (file, options) => (await import('../commands/audit.ts')).verifyAudit(file, options));
  audit
    .command('prune')
    .description('remove the oldest entries, up to a checkpoint that is signed and stays')
    .requiredOption('--before <time>', 'what was recorded earlier, with a zone', pastTime)
    .option('--organization <organization>', 'of one alone, by its id or slug')
    .option('--key <id>', 'an earlier key of the service, which has signed where a chain begins')
    .option('--despite-fault', 'where entries are not what was sealed, too')
    .option('--dry-run', 'say what would be removed, and change nothing')
    .option('--json', 'as JSON, with the checkpoints to keep')
    .action(async (options) => (await import('../commands/audit-prune.ts')).pruneAudit(options));
}
