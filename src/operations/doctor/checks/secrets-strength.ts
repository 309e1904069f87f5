import { readDsn } from '../../../platform/database/dsn.ts';
import { type Check, ok, warning } from '../check.ts';
import { isOfSecret } from './configuration.ts';

const passwordLengthMin = 12;

export const secretsStrength: Check = {
  id: 'secrets.strength',
  runbook: 'docs/configuration.md',
  async look({ config, configuration }) {
    const { database } = config;
    const dsns = database.mode === 'embedded' ? [] : [database.dsn, database.migrationDsn];
    const weak = [
      ...configuration.warnings.filter(isOfSecret),
      ...(dsns.some(hasWeakPassword)
        ? [`The password in a DSN is its user's name, or shorter than ${passwordLengthMin} characters`]
        : []),
    ];
    return weak.length === 0
      ? ok('No secret can be guessed')
      : warning({
          finding: 'Secrets that can be guessed',
          evidence: weak,
          remedy: 'openssl rand -base64 32 makes a good one; change it as docs/procedures/ says',
        });
  },
};

/** @NOTE no password at all is no weak one: certificates, sockets and password files do without. */
export function hasWeakPassword(dsn: string): boolean {
  const { user, password } = readDsn(dsn);
  return password !== undefined && (password === user || [...password].length < passwordLengthMin);
}
