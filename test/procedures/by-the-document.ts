import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import type { backedUpServer } from './backed-up-server.ts';
import { block } from './document-block.ts';

const deploy = join(import.meta.dirname, '../../deploy');

/** What a service writes into links by itself, when it seals them: one runs on the copy, and none on the other. */
const sealed = '{seq,hash}';

/** The commands of docs/procedures/backup-and-recovery.md, word for word, against a server of a test. */
export function byTheDocument({ database, inFolder, asRole }: ReturnType<typeof backedUpServer>) {
  const dsnOf = (name: string): string => database().superuserDsn.replace(/[^/]+$/, name);
  return {
    dsnOf,
    /** Runs the blocks that say this in one bash, with addresses and folders of here, and what else is `changed`. */
    async run(says: readonly string[], changed: Readonly<Record<string, string>> = {}): Promise<string> {
      const texts = await Promise.all(says.map((each) => block('procedures/backup-and-recovery.md', each)));
      const { host, password } = new URL(database().superuserDsn);
      const here = { 'db.example.com:5432': host, ' deploy/': ` ${deploy}/`, ...changed };
      const script = Object.entries(here).reduce(
        (text, [from, to]) => text.replaceAll(from, to),
        texts.join('\n'),
      );
      const { stdout } = await promisify(execFile)('bash', ['-euc', script], {
        cwd: inFolder(''),
        env: {
          PATH: process.env['PATH'],
          PGPASSWORD: decodeURIComponent(password),
          METADATA_BACKUP_DSN: asRole('brownie_backup:canary-backup'),
          METADATA_BACKUP_RESTORE_DSN: database().superuserDsn,
        },
      });
      return stdout;
    },
    /** Every row of every table of tenants, as a superuser sees them. */
    async rowsOf(name: string): Promise<Record<string, string[]>> {
      const client = new pg.Client({ connectionString: dsnOf(name) });
      await client.connect();
      try {
        const { rows: tables } = await client.query<{ name: string }>(
          `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
             and (relname = 'organizations' or exists (select from pg_attribute where attrelid = pg_class.oid and attname = 'org_id'))`,
        );
        const all: Record<string, string[]> = {};
        for (const table of tables) {
          const { rows } = await client.query<{ row: string }>(
            // @NOTE what a restore leaves in the trail is of the copy alone.
            `select (to_jsonb(t) - '${sealed}'::text[])::text as row from ${table.name} t where to_jsonb(t) ->> 'action' is distinct from 'organization.restored'
               and not exists (select from audit_events e where e.action = 'organization.restored' and e.id::text = to_jsonb(t) ->> 'event_id')
             order by 1`,
          );
          all[table.name] = table.name === 'audit_chains' ? [] : rows.map(({ row }) => row);
        }
        return all;
      } finally {
        await client.end();
      }
    },
  };
}
