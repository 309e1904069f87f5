/** What pgBackRest has to know of a cluster and its repository. Paths are absolute. */
export interface RepositoryLayout {
  readonly stanza: string;
  readonly dataDirectory: string;
  /** Folder of the server's socket. */
  readonly socketDirectory: string;
  readonly port: number;
  /** Backups and archive; better on another machine, or a mount of one. */
  readonly repository: string;
  /** Segments on their way to the repository. */
  readonly spool: string;
  readonly logs: string;
  readonly locks: string;
  readonly retentionDays: number;
  /** The key that the repository is encrypted with; undefined: it is not. */
  readonly cipherPass: string | undefined;
}

export const defaultLayout: RepositoryLayout = {
  stanza: 'brownie',
  dataDirectory: '/var/lib/postgresql/15/main',
  socketDirectory: '/var/run/postgresql',
  port: 5432,
  repository: '/var/lib/pgbackrest',
  spool: '/var/spool/pgbackrest',
  logs: '/var/log/pgbackrest',
  locks: '/tmp/pgbackrest',
  retentionDays: 30,
  cipherPass: undefined,
};

/** The text of pgbackrest.conf; deploy/pgbackrest/pgbackrest.conf is that of the default layout. */
export const renderConfiguration = (
  layout: RepositoryLayout,
): string => `# Made by \`brownie backup pitr setup\`.
# Continuous archiving for Brownie Metadata API. Mode 0600: it may hold the key of the repository.

[global]
repo1-path=${layout.repository}
# A full backup and all that leads on from it stay for so many days; the newest one always.
repo1-retention-full-type=time
repo1-retention-full=${layout.retentionDays}
repo1-bundle=y
${
  layout.cipherPass === undefined
    ? ''
    : `repo1-cipher-type=aes-256-cbc
repo1-cipher-pass=${layout.cipherPass}
`
}compress-type=zst
compress-level=3
process-max=2
# A backup begins with a checkpoint of its own, not at the next one.
start-fast=y
# Segments are pushed ahead of PostgreSQL's asking, so that a burst of writes does not fill pg_wal.
archive-async=y
spool-path=${layout.spool}
log-path=${layout.logs}
lock-path=${layout.locks}
log-level-file=info

[global:archive-push]
# One after the other: a server that is lost leaves no gap behind it, only an end.
process-max=1

[${layout.stanza}]
pg1-path=${layout.dataDirectory}
pg1-socket-path=${layout.socketDirectory}
pg1-port=${layout.port}
`;

/**
 * What PostgreSQL has to do for it. archive_timeout: a segment goes at the latest after 30 s of any write, so that with
 * the push at most 60 s are lost; the objective is 5 minutes.
 */
export const serverSettings = ({ configFile, stanza }: { configFile: string; stanza: string }) => ({
  wal_level: 'replica',
  archive_mode: 'on',
  archive_command: `pgbackrest --config=${configFile} --stanza=${stanza} archive-push %p`,
  archive_timeout: '30s',
});

/** The same as lines of postgresql.conf. */
export const renderServerSettings = (settings: Readonly<Record<string, string>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name} = '${value}'\n`)
    .join('');
