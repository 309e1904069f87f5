import type { Command } from 'commander';

const json = ['--json', 'as JSON'] as const;

/** `brownie api-keys …`: the API keys of an organization, for the operator. */
export function addApiKeys(program: Command): void {
  const keys = program
    .command('api-keys')
    .description('the API keys of an organization: list them, and revoke what has leaked');
  keys
    .command('list')
    .description('show the keys that are taken')
    .argument('<organization>', 'id or slug')
    .option('--all', 'those that are over, too')
    .option(...json)
    .action(async (organization, options) => (await load()).listApiKeys(organization, options));
  keys
    .command('revoke')
    .description('refuse keys from the very next request on, on every instance')
    .argument('<organization>', 'id or slug')
    .argument('[keys...]', 'ids')
    .option('--all', 'every key of the organization')
    .option('--dry-run', 'say what would be revoked, and change nothing')
    .option(...json)
    .action(async (organization, ids, options) => (await load()).revokeApiKeys(organization, ids, options));
}

const load = () => import('../commands/api-keys.ts');
