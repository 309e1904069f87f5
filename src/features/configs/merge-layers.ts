import { isFields, type JsonFields, pointerTo } from './json.ts';

/** Where a value comes from. */
export interface Source {
  readonly layer: 'global' | 'organization' | 'team' | 'alert' | 'agent';
  readonly config_id: string;
  readonly version: number;
}

export interface Layer {
  readonly source: Source;
  /** A merge patch (RFC 7396). */
  readonly patch: JsonFields;
}

/** Why something is at a pointer, or is there no more. */
export interface Explanation {
  readonly pointer: string;
  /** Null where nothing is there of its own. */
  readonly value: unknown;
  /**
   * `set`: it is there. `deleted`: it was taken away by a null. `replaced`: it went because something above it became a value, or because it was a
   * value and became an object.
   */
  readonly state: 'set' | 'deleted' | 'replaced';
  readonly from: Source;
  /** What said something else there before, the nearest first. */
  readonly overrode: readonly Source[];
}

export interface Merged {
  readonly effective: Record<string, unknown>;
  readonly explain: Explanation[];
}

/** What is at a place, and what was. */
class Place {
  is: 'absent' | 'value' | 'object' = 'absent';
  value: unknown;
  readonly members = new Map<string, Place>();
  from: Source | undefined;
  /** Why it is absent. */
  gone: 'deleted' | 'replaced' = 'deleted';
  readonly past: Source[] = [];
}

/** Whether an object has no members. */
const isEmpty = ({ members }: Place): boolean => {
  for (const member of members.values()) {
    if (member.is !== 'absent') {
      return false;
    }
  }
  return true;
};

/** Keeps who gave a place what it says of its own: a value, that it is an empty object, or that it is no more. */
function remember(place: Place): void {
  const saysSomething =
    place.is === 'value' || (place.is === 'object' ? isEmpty(place) : place.past.length > 0);
  if (saysSomething && place.from !== undefined) {
    place.past.push(place.from);
  }
}

function remove(place: Place, from: Source, gone: Place['gone']): void {
  if (place.is === 'absent') {
    return;
  }
  remember(place);
  removeMembers(place, from, gone);
  place.is = 'absent';
  place.value = undefined;
  place.from = from;
  place.gone = gone;
}

function removeMembers({ members }: Place, from: Source, gone: Place['gone']): void {
  for (const member of members.values()) {
    remove(member, from, gone);
  }
}

function apply(place: Place, patch: unknown, from: Source): void {
  if (!isFields(patch)) {
    remember(place);
    removeMembers(place, from, 'replaced');
    place.is = 'value';
    place.value = patch;
    place.from = from;
    return;
  }
  if (place.is !== 'object') {
    remember(place);
    place.is = 'object';
    place.value = undefined;
    place.from = from;
  }
  for (const name of Object.keys(patch)) {
    const value = patch[name];
    const member = place.members.get(name);
    if (value !== null) {
      apply(member ?? added(place, name), value, from);
    } else if (member !== undefined) {
      remove(member, from, 'deleted');
    }
  }
}

function added(place: Place, name: string): Place {
  const member = new Place();
  place.members.set(name, member);
  return member;
}

/**
 * Merges layers in their order by RFC 7396: objects member by member, everything else as a whole, null takes away. Says of every place where a layer
 * said something of whom what is there now comes from, and whom that overrode. What it gives has its names in the order of `canonicalJson`.
 */
export function mergeLayers(layers: readonly Layer[]): Merged {
  const root = new Place();
  root.is = 'object';
  for (const { source, patch } of layers) {
    apply(root, patch, source);
  }
  const explain: Explanation[] = [];
  const effective = gather(root, '', explain) as Record<string, unknown>;
  return { effective, explain };
}

function gather(place: Place, pointer: string, explain: Explanation[]): unknown {
  explainPlace(place, pointer, explain);
  const members: [string, unknown][] = [];
  for (const name of [...place.members.keys()].sort()) {
    const member = place.members.get(name) as Place;
    const value = gather(member, pointerTo(pointer, name), explain);
    if (member.is !== 'absent') {
      members.push([name, value]);
    }
  }
  // @NOTE own properties, whatever they are called.
  return place.is === 'object' ? Object.fromEntries(members) : place.value;
}

function explainPlace(place: Place, pointer: string, explain: Explanation[]): void {
  const { is, from, past } = place;
  if (from === undefined) {
    return;
  }
  const overrode = past.toReversed();
  if (is === 'value') {
    explain.push({ pointer, value: place.value, state: 'set', from, overrode });
  } else if (is === 'object' && isEmpty(place)) {
    explain.push({ pointer, value: {}, state: 'set', from, overrode });
  } else if (past.length > 0) {
    explain.push({ pointer, value: null, state: is === 'object' ? 'replaced' : place.gone, from, overrode });
  }
}
