/**
 * Of what pg_dumpall says of roles, the statements that make those that are missing on another server, and their
 * memberships. Those that are there already are left as they are.
 * @param globals the output of `pg_dumpall --globals-only`
 */
export function statementsFor(globals: string, missing: readonly string[]): string[] {
  const quoted = new Set(missing.flatMap((role) => [role, `"${role.replaceAll('"', '""')}"`]));
  return globals.split('\n').flatMap((line) => {
    const [, altered] = /^(?:CREATE|ALTER) ROLE ("(?:[^"]|"")+"|\S+?)(?: .*)?;$/.exec(line) ?? [];
    if (altered !== undefined) {
      return quoted.has(altered) ? [line] : [];
    }
    const [, group, member] =
      /^GRANT ("(?:[^"]|"")+"|\S+) TO ("(?:[^"]|"")+"|\S+?)(?: .*)?;$/.exec(line) ?? [];
    const isOfMissing = [group, member].some((role) => role !== undefined && quoted.has(role));
    // @NOTE the grantor may be a role that the other server does not have.
    return isOfMissing ? [line.replace(/ GRANTED BY .*;$/, ';')] : [];
  });
}

/** Every role that a globals file makes, but for the superuser that every server has. */
export const rolesIn = (globals: string): string[] =>
  globals.split('\n').flatMap((line) => {
    const [, role] = /^CREATE ROLE (.+);$/.exec(line) ?? [];
    return role === undefined ? [] : [role.replace(/^"|"$/g, '').replaceAll('""', '"')];
  });
