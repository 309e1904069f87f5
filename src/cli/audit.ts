import type { Command } from 'commander';

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
    .option('--key <id>', 'with a checkpoint: the key that must have signed it')
    .option('--organization <organization>', 'without a file: of one alone, by its id or slug')
    .option('--json', 'as JSON')
    .action(async (file, options) => (await import('../commands/audit.ts')).verifyAudit(file, options));
}
