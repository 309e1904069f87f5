import { OperationError } from '../../platform/errors/operation-error.ts';
import { type Finished, runToEnd } from '../../platform/programs/run-to-end.ts';
import { systemUser } from '../../platform/programs/system-user.ts';

/** A repository of pgBackRest: base backups, and every segment of the write-ahead log since. */
export interface Repository {
  /** pgbackrest.conf. It holds the key of the repository, where that is encrypted. */
  readonly configFile: string;
  /** pgBackRest's name for a cluster. */
  readonly stanza: string;
}

export const defaultRepository: Repository = {
  configFile: '/etc/pgbackrest/pgbackrest.conf',
  stanza: 'brownie',
};

/** The arguments with which every command names a repository. */
export const repositoryArguments = ({ configFile, stanza }: Repository): string[] => [
  `--config=${configFile}`,
  `--stanza=${stanza}`,
];

/** Runs a command of pgBackRest, as the user that owns the cluster, whatever its exit code. */
export async function runPgbackrest(
  repository: Repository,
  command: string,
  args: readonly string[] = [],
): Promise<Finished> {
  return await runToEnd(
    'pgbackrest',
    [
      ...repositoryArguments(repository),
      '--log-level-console=warn',
      '--log-level-stderr=off',
      command,
      ...args,
    ],
    { user: await systemUser() },
  );
}

/** As `runPgbackrest`; throws OperationError with pgBackRest's own words where it does not end with 0. */
export async function requirePgbackrest(
  repository: Repository,
  command: string,
  args: readonly string[] = [],
): Promise<string> {
  const { code, stdout, stderr } = await runPgbackrest(repository, command, args);
  if (code !== 0) {
    throw new OperationError(`pgbackrest ${command} ended with ${code}: ${reasonIn(`${stdout}${stderr}`)}`);
  }
  return stdout;
}

/**
 * The first error that pgBackRest told of, without its time: `[082]: WAL segment … was not archived …`. Where its line ends with
 * a colon, with the line that it leads to.
 */
export function reasonIn(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  const at = lines.findIndex((line) => /ERROR: /.test(line));
  const first = (at === -1 ? lines.findLast((line) => line !== '') : lines[at]) ?? '';
  const reason = at !== -1 && first.endsWith(':') ? `${first} ${lines[at + 1] ?? ''}` : first;
  return reason.replace(/^.*?ERROR: /, '').trim();
}
