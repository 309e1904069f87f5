import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { OperationError } from '../../platform/errors/operation-error.ts';
import { type Repository, requirePgbackrest } from './repository.ts';

const Info = Type.Array(
  Type.Object({
    name: Type.String(),
    archive: Type.Array(Type.Object({ id: Type.String(), database: Type.Object({ id: Type.Integer() }) })),
    backup: Type.Array(
      Type.Object({
        label: Type.String(),
        type: Type.Union([Type.Literal('full'), Type.Literal('incr'), Type.Literal('diff')]),
        archive: Type.Object({ start: Type.String() }),
        database: Type.Object({ id: Type.Integer() }),
        /** Unix time in seconds. */
        timestamp: Type.Object({ start: Type.Integer(), stop: Type.Integer() }),
        info: Type.Object({ size: Type.Integer() }),
        /** Whether pages of the cluster did not fit their checksums; null where it keeps none. */
        error: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
      }),
    ),
  }),
);

/** What is in a repository, by its own account. Throws OperationError where pgBackRest does not say. */
export async function repositoryInfo(repository: Repository) {
  const info: unknown = JSON.parse(await requirePgbackrest(repository, 'info', ['--output=json']));
  const stanza = Value.Check(Info, info) ? info.find(({ name }) => name === repository.stanza) : undefined;
  if (stanza === undefined) {
    throw new OperationError(
      `pgbackrest info tells nothing of the stanza "${repository.stanza}": \`brownie backup pitr setup\` makes it`,
    );
  }
  return stanza;
}
