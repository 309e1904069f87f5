import { Argument, type Command, Option } from 'commander';
import { clientName, serverNames } from '../commands/certificate-names.ts';
import { wholeNumber } from '../platform/system/whole-number.ts';

const directory = () => new Option('--directory <folder>', 'where they are').default('dev-certs');
/** @NOTE short enough that renewing is a habit, and three times the 30 days of the alert. */
const days = () =>
  new Option('--days <n>', 'days that a new certificate is valid').default(90).argParser(wholeNumber(1, 825));
const reload = () =>
  new Option(
    '--reload',
    'make the server read its files again, as the login of METADATA_POSTGRES_MIGRATION_DSN',
  );

/** The commands for certificates. */
export function addCerts(program: Command): void {
  const certs = program.command('certs').description('certificates of the connection to PostgreSQL');
  certs
    .command('generate')
    .description('make an authority, a server and a client for development; what is there stays')
    .addOption(directory())
    .option(
      '--client-role <role>',
      'whom the client logs in as (default: whom it names, at first brownie_service)',
      clientName,
    )
    .option(
      '--server-name <name...>',
      'names and addresses of the server, beside localhost (default: those it has)',
      serverNames,
      [],
    )
    .addOption(days())
    .option('--force', 'replace what is there, the authority too, and keep it for `certs rollback`')
    .option('--dry-run', 'make them, and write nothing')
    .option('--json', 'as JSON')
    .action(async (options) => (await import('../commands/certs-generate.ts')).certsGenerate(options));
  certs
    .command('status')
    .description('show each certificate in use, how long it lasts, and which one the server shows')
    .option('--directory <folder>', 'where they are (default: "dev-certs", where there is one)')
    .option('--json', 'as JSON')
    .action(async (options) => (await import('../commands/certs-status.ts')).certsStatus(options));
  certs
    .command('rotate')
    .description('replace a certificate and its key, or begin or end to replace the authority')
    .addArgument(new Argument('<what>', 'which').choices(['client', 'server', 'ca']))
    .addOption(directory())
    .option('--certificate <file>', 'made elsewhere; else the authority in the folder signs a new one')
    .option('--key <file>', 'the key of that certificate')
    .option('--finish', 'ca only: trust the new authority alone')
    .addOption(days())
    .addOption(reload())
    .option('--dry-run', 'check everything, and change nothing')
    .option('--json', 'as JSON')
    .action(async (what, options, command: Command) => {
      requireFit(what, options, command);
      await (await import('../commands/certs-rotate.ts')).certsRotate(what, options);
    });
  certs
    .command('rollback')
    .description('bring back what was in use before the last change')
    .addOption(directory())
    .addOption(reload())
    .option('--dry-run', 'check everything, and change nothing')
    .option('--json', 'as JSON')
    .action(async (options) => (await import('../commands/certs-rollback.ts')).certsRollback(options));
}

/** Ends with wrong usage where options of `rotate` do not go together. */
function requireFit(
  what: string,
  { finish, certificate, key }: { finish?: boolean; certificate?: string; key?: string },
  command: Command,
): void {
  if (finish === true && what !== 'ca') {
    command.error('error: --finish ends the rotation of the authority: brownie certs rotate ca --finish');
  }
  if (what !== 'ca' && (certificate === undefined) !== (key === undefined)) {
    command.error(
      'error: --certificate and --key need each other: give both, or neither to have a new pair made',
    );
  }
}
