import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { allSettings } from '../../src/config/settings.ts';

const text = (file: string): string => readFileSync(join(import.meta.dirname, '../..', file), 'utf8');

/** What OWASP ASVS 5 wants documented, where it is, and what must stand in that section. */
const topics: readonly { topic: string; file: string; heading: string; names: readonly string[] }[] = [
  {
    topic: 'limits of what may be done (2.1.3)',
    file: 'docs/api-design.md',
    heading: '## Quirks of v1',
    names: [
      'max_teams',
      'max_users_per_team',
      'METADATA_ORGANIZATIONS_PER_USER',
      'rate.limited',
      'auth.throttled',
    ],
  },
  {
    topic: 'how guessing is met (6.1.1)',
    file: 'docs/adr/0034-brute-force.md',
    heading: '# 0034',
    names: [
      '| account and network | 5 failures |',
      '120 failures a minute',
      '20 failures in 15 minutes',
      'auth.throttled',
    ],
  },
  {
    topic: 'lifetimes of sessions (7.1.1)',
    file: 'docs/configuration.md',
    heading: '## Access tokens',
    names: ['METADATA_JWT_EXPIRES_MINUTES', 'METADATA_SESSION_IDLE_MINUTES', 'METADATA_SESSION_MAX_MINUTES'],
  },
  {
    topic: 'sessions of single sign-on (7.1.3)',
    file: 'docs/configuration.md',
    heading: '## Single sign-on',
    names: ['METADATA_OIDC_ISSUER', 'METADATA_OIDC_SECOND_FACTOR', 'METADATA_OIDC_PROVIDERS'],
  },
  {
    topic: 'what is dear, and what comes of too much of it (15.1.3)',
    file: 'docs/operations.md',
    heading: '### More than it can do',
    names: [
      'METADATA_POSTGRES_ACQUIRE_TIMEOUT_MS',
      'hash passwords, two at once',
      'service.overloaded',
      'Retry-After',
    ],
  },
  {
    topic: 'what is logged, where, and for how long (16.1.1)',
    file: 'docs/operations.md',
    heading: '### Logging',
    names: [
      'on standard output',
      '`client_address`',
      'No line holds a query string, a header, a body or a secret',
    ],
  },
  {
    topic: 'what is logged, where, and for how long (16.1.1)',
    file: 'docs/operations.md',
    heading: '## Retention',
    names: ['METADATA_AUDIT_RETENTION_DAYS', 'METADATA_TIMELINE_RETENTION_DAYS'],
  },
];

/** A section of a document, from its heading to the next one of its rank or a higher one. */
function sectionOf(file: string, heading: string): string {
  const lines = text(file).split('\n');
  const from = lines.findIndex((line) => line.startsWith(heading));
  const rank = heading.indexOf(' ');
  const length = lines.slice(from + 1).findIndex((line) => /^#+ /.test(line) && line.indexOf(' ') <= rank);
  return from < 0 ? '' : lines.slice(from, length < 0 ? undefined : from + 1 + length).join('\n');
}

test.each(topics)('$topic: documented in $file, with all that it must name', ({ file, heading, names }) => {
  const section = sectionOf(file, heading);
  expect(names.filter((name) => !section.includes(name))).toEqual([]);
  const settings = names.filter((name) => name.startsWith('METADATA_'));
  const known = new Set(allSettings.map(({ name }) => name));
  expect(settings.filter((name) => !known.has(name))).toEqual([]);
});
