import { ApiError } from '../../platform/errors/api-error.ts';
import { dotted, type Operation } from './patch-operations.ts';
import type { Filter } from './scim-filter.ts';
import { fieldsOf, invalidValue, textOf } from './scim-value.ts';

/** What a directory says of a group. Members are ids of users, in lower case. */
export interface GroupDraft {
  readonly displayName: string;
  readonly externalId: string | null;
  readonly members: ReadonlySet<string>;
}

/** Members that one request may name. */
export const membersMax = 10_000;

export const emptyGroup: GroupDraft = { displayName: '', externalId: null, members: new Set() };

/** What the body of a POST or PUT says; what is not kept is passed over. */
export const readGroup = (body: unknown): GroupDraft =>
  completed(
    [...fieldsOf(body)].reduce(
      (group, [name, value]) => (isKept(name) ? withAttribute(group, name, value) : group),
      emptyGroup,
    ),
  );

/** A group as the operations leave it. Throws what SCIM answers to a path or value that is none. */
export const patchGroup = (group: GroupDraft, operations: readonly Operation[]): GroupDraft =>
  completed(operations.reduce(applied, group));

function completed(group: GroupDraft): GroupDraft {
  if (group.displayName === '') {
    throw invalidValue('displayName', 'is required');
  }
  return group;
}

const isKept = (name: string): boolean =>
  name === 'displayname' || name === 'externalid' || name === 'members';

function withAttribute(group: GroupDraft, name: string, value: unknown): GroupDraft {
  switch (name) {
    case 'displayname':
      return { ...group, displayName: textOf('displayName', value, 255) ?? '' };
    case 'externalid':
      return { ...group, externalId: textOf('externalId', value, 255) };
    default:
      return { ...group, members: new Set(idsIn(value)) };
  }
}

function applied(group: GroupDraft, operation: Operation): GroupDraft {
  const { op, path, value, isNamed } = operation;
  const name = dotted(path);
  if (name === 'members') {
    return { ...group, members: patchedMembers(group.members, operation) };
  }
  if (isKept(name) && path.where === undefined) {
    if (op === 'remove' && name === 'displayname') {
      throw new ApiError('scim.mutability', { detail: 'displayName cannot be removed' });
    }
    return withAttribute(group, name, op === 'remove' ? null : value);
  }
  if (name === '' || !isNamed) {
    return group;
  }
  if (name === 'id' || path.attribute === 'meta' || name === 'schemas') {
    throw new ApiError('scim.mutability', { detail: `${name} is read-only` });
  }
  throw new ApiError('scim.invalid_path', { detail: `${name} is no attribute of a group` });
}

function patchedMembers(
  members: ReadonlySet<string>,
  { op, path: { where }, value }: Operation,
): ReadonlySet<string> {
  if (where !== undefined) {
    if (op !== 'remove') {
      throw new ApiError('scim.no_target', {
        detail: 'members that are there already can only be removed by a filter',
      });
    }
    return new Set([...members].filter((id) => !isMeant(id, where)));
  }
  const ids = new Set(idsIn(value));
  switch (op) {
    case 'add':
      return new Set([...members, ...ids]);
    case 'replace':
      return ids;
    case 'remove':
      // @NOTE as Entra removes some: by the path of all, with those as the value.
      return value == null ? new Set() : new Set(without(members, ids));
  }
}

function isMeant(id: string, filter: Filter): boolean {
  if (filter.kind === 'where' || (filter.kind === 'eq' && filter.path !== 'value')) {
    throw new ApiError('scim.invalid_path', { detail: 'members are found by value alone' });
  }
  if (filter.kind === 'eq') {
    return typeof filter.value === 'string' && filter.value.toLowerCase() === id;
  }
  const isIt = (each: Filter): boolean => isMeant(id, each);
  return filter.kind === 'and' ? filter.all.every(isIt) : filter.all.some(isIt);
}

/** Those of some ids that are not among others. */
export const without = (ids: ReadonlySet<string>, others: ReadonlySet<string>): readonly string[] =>
  [...ids].filter((id) => !others.has(id));

/** The ids in a list of members, or in a single one. */
function idsIn(value: unknown): readonly string[] {
  const all = [value ?? []].flat();
  if (all.length > membersMax) {
    throw invalidValue('members', `must not be more than ${membersMax} in one request`);
  }
  return all.map((member) => {
    const id = typeof member === 'string' ? member : fieldsOf(member).get('value');
    if (typeof id !== 'string' || id === '') {
      throw invalidValue('members.value', 'must be the id of a user');
    }
    return id.toLowerCase();
  });
}
