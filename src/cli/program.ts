import { Command, Option } from 'commander';
import { baseUrl } from '../commands/base-url.ts';
import { exitCodes } from '../commands/outcome.ts';
import { version } from '../platform/system/version.ts';
import { wholeNumber } from '../platform/system/whole-number.ts';
import { addMail } from './mail.ts';
import { addOperations } from './operations.ts';
import { addRetention } from './retention.ts';
import { uuid } from './uuid.ts';

/** The commands of `brownie` and their help. Each is loaded when it runs, so that all start fast. */
export function createProgram(): Command {
  const program = new Command('brownie')
    .description('Brownie Metadata API: the system of record for incidents, teams and agents.')
    .version(version)
    .configureOutput({ outputError: (text, write) => write(text) })
    .exitOverride();

  program
    .command('serve')
    .description('run the service; on an embedded PostgreSQL where METADATA_POSTGRES_DSN is not set')
    .addOption(new Option('--supervised').hideHelp())
    .action(async (options) => (await import('../commands/serve.ts')).serve(options));
  program
    .command('migrate')
    .description('bring the database to the newest schema')
    .option('--status', 'show what is applied and what is pending, and change nothing')
    .option('--dry-run', 'show what would be applied, and change nothing')
    .option('--json', 'as JSON')
    .action(async (options) => (await import('../commands/migrate.ts')).migrate(options));
  program
    .command('config')
    .description('show the effective configuration, secrets masked, and where each value comes from')
    .option('--json', 'as JSON')
    .action(async (options) => (await import('../commands/show-config.ts')).showConfig(options));
  program
    .command('demo')
    .description('fill an organization with lifelike data, and print its logins')
    .option(
      '--incidents <n>',
      'how many incidents: 50,000, with --scale 20,000,000 in all',
      wholeNumber(1, 100_000_000),
    )
    .option('--scale', 'many organizations with plain data instead, to measure with')
    .option('--organizations <n>', 'with --scale: how many', wholeNumber(1, 100_000), 10_000)
    .option('--users <n>', 'with --scale: how many in all', wholeNumber(1, 10_000_000), 1_000_000)
    .option('--reset-passwords', 'give the logins of an organization that is there already a new password')
    .option('--force', 'in production, too')
    .action(async (options) => (await import('../commands/demo.ts')).demo(options));
  program
    .command('limits')
    .description('show or set the limits of an organization: what only the operator can do')
    .argument('<organization>', 'id or slug')
    .option('--max-teams <n>', 'teams that the organization may have', wholeNumber(1, 1_000_000))
    .option('--max-users-per-team <n>', 'users that each of its teams may have', wholeNumber(1, 1_000_000))
    .option('--activate', 'turn an organization on again in which nobody can log in')
    .option('--dry-run', 'say what would be changed, and change nothing')
    .option('--json', 'as JSON')
    .action(async (organization, options) =>
      (await import('../commands/limits.ts')).limits(organization, options),
    );
  program
    .command('user-limits')
    .description('show or set how many organizations a user may own: what only the operator can do')
    .argument('<user>', 'id or e-mail address')
    .option('--max-organizations <n>', 'organizations that the user may own', wholeNumber(0, 1_000_000))
    .option('--dry-run', 'say what would be changed, and change nothing')
    .option('--json', 'as JSON')
    .action(async (user, options) => (await import('../commands/user-limits.ts')).userLimits(user, options));
  program
    .command('second-factor')
    .description('show which second factors a user has, and remove them where they are lost')
    .argument('<user>', 'id or e-mail address')
    .option('--remove', 'remove them with the recovery codes, and end the sessions of the user')
    .option('--dry-run', 'say what would be changed, and change nothing')
    .option('--json', 'as JSON')
    .action(async (user, options) =>
      (await import('../commands/second-factor.ts')).secondFactor(user, options),
    );
  program
    .command('mcp')
    .description('the Model Context Protocol over standard input and output, for agents that start a process')
    .addOption(
      new Option('--url <url>', 'of a service that runs')
        .env('BROWNIE_URL')
        .default('http://localhost:8080')
        .argParser(baseUrl),
    )
    .addOption(new Option('--key <key>', 'an API key').env('BROWNIE_API_KEY').makeOptionMandatory())
    .action(async (options) => (await import('../commands/mcp.ts')).mcp(options));
  program
    .command('erase-user')
    .description('say what still tells who a deleted user was, and erase it for good')
    .argument('<user>', 'id', uuid)
    .option('--apply', 'erase it')
    .option('--json', 'as JSON')
    .action(async (user, options) => (await import('../commands/erase-user.ts')).eraseUser(user, options));
  program
    .command('domains')
    .description('show, give or take the domains whose people single sign-on brings into an organization')
    .argument('<organization>', 'id or slug')
    .option('--claim <domain>', 'a domain that belongs to the organization, on your word')
    .option('--provider <name>', 'the provider that is believed about its addresses')
    .option('--release <domain>', 'a domain that does not any more')
    .option('--json', 'as JSON')
    .action(async (organization, options) =>
      (await import('../commands/domains.ts')).domains(organization, options),
    );
  program
    .command('openapi')
    .description('print the OpenAPI document')
    .option(
      '--server <url>',
      'where the service is reached, for clients made from it',
      baseUrl,
      'http://localhost:8080',
    )
    .action(async ({ server }) => (await import('../commands/openapi.ts')).openapi(server));
  addMail(program);
  addRetention(program);
  addOperations(program);
  program.addHelpText('after', `\nExit codes:\n${exitCodeLines()}`);
  pointToHelp(program);
  return program;
}

const exitCodeLines = (): string =>
  Object.entries(exitCodes)
    .map(([code, meaning]) => `  ${code}  ${meaning}`)
    .join('\n');

/** After wrong usage, the help of the very command is named. */
function pointToHelp(command: Command, path = 'brownie'): void {
  command.showHelpAfterError(`(see ${path} --help)`);
  for (const each of command.commands) {
    pointToHelp(each, `${path} ${each.name()}`);
  }
}
