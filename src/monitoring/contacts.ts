import type { Team } from './alert.ts';

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
