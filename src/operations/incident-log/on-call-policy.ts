/** Who answers an alert: the receivers of Alertmanager are named after these. */
export type Team = 'oncall' | 'database' | 'security' | 'infrastructure';

/** Who answers the alerts of a team: the contacts of the operations guide. */
export interface Contact {
  /** Read on working days. */
  readonly email?: string;
  /** Rung at any hour, by the pager. */
  readonly telephone?: string;
}

export const contacts: Readonly<Record<Team, Contact>> = {
  oncall: { telephone: '+1-555-ONCALL' },
  database: { email: 'db-team@company.com' },
  security: { email: 'security@company.com' },
  infrastructure: { email: 'infra@company.com' },
};

/** Who is called when nobody acknowledges a critical alert: the policy of the operations guide. */
export interface EscalationLevel {
  readonly level: string;
  readonly afterSeconds: number;
  readonly who: string;
  /** The setting that names whom to ring. */
  readonly setting: string;
  /** A placeholder, where that is not set. */
  readonly telephone: string;
}

export const escalationLevels: readonly EscalationLevel[] = [
  {
    level: '2',
    afterSeconds: 900,
    who: 'senior engineer',
    setting: 'METADATA_SENIOR_TELEPHONE',
    telephone: '+1-555-SENIOR',
  },
  {
    level: '3',
    afterSeconds: 1800,
    who: 'engineering manager',
    setting: 'METADATA_MANAGER_TELEPHONE',
    telephone: '+1-555-MANAGER',
  },
  {
    level: '4',
    afterSeconds: 3600,
    who: 'CTO',
    setting: 'METADATA_CTO_TELEPHONE',
    telephone: '+1-555-CTO',
  },
];

/** The settings of the telephones of all levels, the first first. */
export const telephoneSettings: readonly string[] = [
  'METADATA_ONCALL_TELEPHONE',
  ...escalationLevels.map(({ setting }) => setting),
];
