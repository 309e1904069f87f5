import { readFile } from 'node:fs/promises';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { OperationError } from '../../../platform/errors/operation-error.ts';

const TableContents = Type.Object({
  /** With its schema, quoted where it must be: `public.incidents`. */
  name: Type.String(),
  rows: Type.Integer({ minimum: 0 }),
  /** Of every row's every value, whatever their order; 32 hex digits. */
  hash: Type.String({ pattern: '^[0-9a-f]{32}$' }),
});
export type TableContents = Static<typeof TableContents>;

const Manifest = Type.Object({
  /** 1: a dump of a database. 2: a copy of the folder of an embedded one. */
  format: Type.Union([Type.Literal(1), Type.Literal(2)]),
  name: Type.String(),
  /** When the snapshot was taken: what was committed before is in the backup. ISO 8601, UTC. */
  takenAt: Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z$' }),
  seconds: Type.Number(),
  brownieVersion: Type.String(),
  /** `15.18`, as `server_version` says. */
  serverVersion: Type.String(),
  /** Of pg_dump; absent from a copy. */
  dumpVersion: Type.Optional(Type.String()),
  database: Type.Object({
    name: Type.String(),
    encoding: Type.String(),
    collate: Type.String(),
    ctype: Type.String(),
    /** Whose locale sorts and compares: libc, ICU, PostgreSQL's own. Absent, with the three below, from manifests of before. */
    provider: Type.Optional(Type.Union([Type.Literal('c'), Type.Literal('i'), Type.Literal('b')])),
    /** Of ICU or PostgreSQL's own. */
    locale: Type.Optional(Type.Union([Type.Null(), Type.String()])),
    icuRules: Type.Optional(Type.Union([Type.Null(), Type.String()])),
    /** As it was recorded when the database was made; null where the provider has none. */
    collationVersion: Type.Optional(Type.Union([Type.Null(), Type.String()])),
    owner: Type.String(),
    /** Who may do what with the database; null: what everybody may by default. */
    grants: Type.Union([
      Type.Null(),
      Type.Array(Type.Object({ grantee: Type.String(), privilege: Type.String({ pattern: '^[A-Z]+$' }) })),
    ]),
    /** `alter database` parameters: `timezone=UTC`. */
    settings: Type.Array(Type.String()),
  }),
  /** What postgresql.conf says beside the defaults. Restored by nobody: to be compared with. */
  serverSettings: Type.Record(Type.String(), Type.String()),
  /** Number and name of the newest migration; null where there is none. */
  schema: Type.Union([Type.Null(), Type.String()]),
  tables: Type.Array(TableContents),
  /** The last value of each sequence that was used, by name. */
  sequences: Type.Record(Type.String(), Type.String()),
  /** Whom the files are encrypted for; null where they are not. */
  recipient: Type.Union([Type.Null(), Type.String()]),
  withRolePasswords: Type.Boolean(),
});
/** What a backup says of itself; it is never encrypted, and holds no row of anybody. */
export type Manifest = Static<typeof Manifest>;

export const manifestFile = 'manifest.json';

/** Reads a manifest. Throws OperationError where it is missing, damaged or of a format that we do not know. */
export async function readManifest(path: string): Promise<Manifest> {
  const text = await readFile(path, 'utf8').catch(() => '');
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    throw new OperationError(`${path} is missing or damaged: this backup cannot be used`);
  }
  if (!Value.Check(Manifest, read)) {
    throw new OperationError(
      `${path} is not a manifest of this version of brownie: this backup cannot be used`,
    );
  }
  return read;
}
