import { Argument, type Command, Option } from 'commander';
import { areas } from '../operations/doctor/check.ts';

/** What an operator looks after the service with, day by day. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('find out what is wrong, how bad it is and what mends it; one line where nothing is')
    .addOption(new Option('--only <area...>', 'look at these only').choices(areas))
    .option('--json', 'as JSON, with what was found in order')
    .action(async (options) => (await import('../commands/doctor.ts')).doctor(options));
  program
    .command('checklist')
    .description('go through the regular tasks of a day, a week or a month, and see the evidence')
    .addArgument(new Argument('<which>', 'of them').choices(['daily', 'weekly', 'monthly']))
    .option('--url <url...>', 'addresses of instances; by default the one on this machine')
    .option('--log <file>', 'log lines of the service; by default the journal')
    .option('--json', 'as JSON')
    .action(async (which, options) => (await import('../commands/checklist.ts')).checklist(which, options));
}
