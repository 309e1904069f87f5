import { type Command, Option } from 'commander';
import { pastTime } from '../commands/past-time.ts';
import { severities, steps } from '../operations/incident-log/entry.ts';

/** `brownie incident …`: what operators write down while the service is in trouble. Tenants' incidents are in the API. */
export function addIncident(program: Command): void {
  const incident = program
    .command('incident')
    .description("keep the log of an incident of the service itself (not of tenants' incidents)");
  const load = () => import('../commands/incident.ts');
  const loadShow = () => import('../commands/incident-show.ts');
  const by = () => new Option('--by <name>', 'who writes; the user of the machine by default');
  incident
    .command('open')
    .description('begin its log with what is the matter at this moment')
    .argument('<title>', 'what one sees, in a few words')
    .addOption(
      new Option('--severity <severity>', 'how bad it is; for a warning the clock calls nobody')
        .choices(severities)
        .default('critical'),
    )
    .addOption(new Option('--since <moment>', 'when it began').argParser(pastTime))
    .addOption(by())
    .option('--json', 'as JSON')
    .action(async (title, options) => (await load()).openIncident(title, options));
  incident
    .command('note')
    .description('write down what was seen or done')
    .argument('<id>', 'of the incident')
    .argument('<text>', 'what it was')
    .addOption(
      new Option('--step <step>', 'which step it belongs to; by default the one it is at').choices(steps),
    )
    .addOption(
      new Option(
        '--severity <severity>',
        'how bad it is from here on; critical starts the clock of calls',
      ).choices(severities),
    )
    .addOption(by())
    .option('--json', 'as JSON')
    .action(async (id, text, options) => (await load()).noteIncident(id, text, options));
  incident
    .command('escalate')
    .description('hand it to the next level, and see whom to call')
    .argument('<id>', 'of the incident')
    .addOption(by())
    .option('--json', 'as JSON')
    .action(async (id, options) => (await load()).escalateIncident(id, options));
  incident
    .command('close')
    .description('end it, and write the draft of its post-mortem')
    .argument('<id>', 'of the incident')
    .addOption(new Option('--resolved <moment>', 'when it was over; now by default').argParser(pastTime))
    .option('--impact <text>', 'who was hit, and how')
    .option('--cause <text>', 'what made it possible')
    .option('--dry-run', 'print the draft, and change nothing')
    .addOption(by())
    .option('--json', 'as JSON')
    .action(async (id, options) => (await load()).closeIncident(id, options));
  incident
    .command('show')
    .description('see where it stands, what comes next, and whom to call when')
    .argument('<id>', 'of the incident')
    .option('--json', 'as JSON')
    .action(async (id, options) => (await loadShow()).showIncident(id, options));
  incident
    .command('list')
    .description('see every incident, the newest first')
    .option('--json', 'as JSON')
    .action(async (options) => (await loadShow()).listIncidents(options));
}
