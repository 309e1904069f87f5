/** A role for which a login is printed. */
export type LoginRole = 'owner' | 'organization admin' | 'team admin' | 'member' | 'viewer';

/** A person of the demonstration. */
export interface PersonPlan {
  readonly name: string;
  readonly organizationRole: 'owner' | 'admin' | 'member';
  /** Slugs of teams, the home team first, each with the role in it. */
  readonly teams: readonly (readonly [team: string, role: 'admin' | 'member' | 'viewer'])[];
  /** Can log in, as the example of this role; everybody else has no password. */
  readonly login?: LoginRole;
  /** Has left: deactivated. */
  readonly hasLeft?: true;
  /** Reports what monitoring sees and is never given work. */
  readonly isRobot?: true;
}

const member = (name: string, ...teams: PersonPlan['teams']): PersonPlan => ({
  name,
  organizationRole: 'member',
  teams,
});

export const people: readonly PersonPlan[] = [
  { name: 'Maya Okafor', organizationRole: 'owner', teams: [['platform', 'admin']], login: 'owner' },
  {
    name: 'Jonas Lindqvist',
    organizationRole: 'admin',
    teams: [['payments', 'member']],
    login: 'organization admin',
  },
  { name: 'Priya Raman', organizationRole: 'admin', teams: [['identity', 'member']] },
  { ...member('Tomás Herrera', ['payments', 'admin']), login: 'team admin' },
  member('Aiko Tanaka', ['platform', 'admin']),
  member('Leila Haddad', ['identity', 'admin']),
  member('Marek Nowak', ['data', 'admin']),
  member('Chloé Dubois', ['storefront', 'admin']),
  member('Samuel Mensah', ['mobile', 'admin']),
  { ...member('Ravi Menon', ['payments', 'member']), login: 'member' },
  member('Ingrid Solberg', ['payments', 'member']),
  member('Diego Fuentes', ['platform', 'member']),
  member('Hannah Weiss', ['platform', 'member'], ['data', 'member']),
  member('Kwame Boateng', ['platform', 'member']),
  member('Nadia Petrova', ['identity', 'member']),
  member('Oliver Grant', ['data', 'member']),
  member('Sofia Rossi', ['storefront', 'member']),
  member('Minh Tran', ['storefront', 'member'], ['mobile', 'member']),
  member('Zeynep Kaya', ['mobile', 'member']),
  { ...member('Ewan McLeod', ['identity', 'member']), hasLeft: true },
  { ...member('Grace Kim', ['payments', 'viewer'], ['storefront', 'viewer']), login: 'viewer' },
  member('Paul Fischer', ['platform', 'viewer']),
  member('Amara Diallo', ['data', 'viewer']),
  member('Yuki Sato', ['mobile', 'viewer']),
  {
    ...member(
      'Alert Relay',
      ['platform', 'member'],
      ['payments', 'member'],
      ['storefront', 'member'],
      ['data', 'member'],
      ['identity', 'member'],
      ['mobile', 'member'],
    ),
    isRobot: true,
  },
];

const plainName = (name: string, separator: string): string =>
  name
    .normalize('NFD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replaceAll(' ', separator);

/** @NOTE under a name that RFC 2606 keeps free: no message can ever reach anybody. */
export const emailOf = (name: string): string => `${plainName(name, '.')}@demo.example`;

/** @NOTE prefixed: usernames are unique across organizations, and people may want theirs. */
export const usernameOf = (name: string): string => `demo-${plainName(name, '-')}`;
