import type { Standing } from './external-group-store.ts';

type Role = NonNullable<Standing['current']>;

export type GroupStep =
  | { readonly kind: 'add'; readonly role: Role }
  | { readonly kind: 'change'; readonly role: Role }
  | { readonly kind: 'remove' };

/**
 * What is to be done for somebody's role in a team to be what their groups give; undefined: nothing. A membership that no group gave, and one with another
 * role than was given, is somebody's who made it so by hand. Nothing is given where the team or its organization is not active; taken it is.
 */
export function stepOf({
  is_active: isActive,
  wanted,
  given,
  current,
}: Pick<Standing, 'is_active' | 'wanted' | 'given' | 'current'>): GroupStep | undefined {
  if (current === null) {
    return wanted !== null && isActive ? { kind: 'add', role: wanted } : undefined;
  }
  if (given !== current) {
    return undefined;
  }
  if (wanted === null) {
    return { kind: 'remove' };
  }
  return wanted !== current && isActive ? { kind: 'change', role: wanted } : undefined;
}
