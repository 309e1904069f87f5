import { stat } from 'node:fs/promises';
import { telephoneNames } from '../../../config/index.ts';
import { type Check, critical, ok, type Verdict, warning } from '../check.ts';

/** What is said of the secret has a check of its own. */
export const isOfSecret = (sentence: string): boolean => sentence.startsWith('METADATA_JWT_SECRET');

export const configurationFaults: Check = {
  id: 'configuration.faults',
  runbook: 'docs/configuration.md',
  async look({ configuration: { faults } }) {
    return faults.length === 0
      ? ok('Every setting can be read')
      : critical({
          finding: `The configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}: the service does not start with it`,
          evidence: faults,
          remedy: 'correct what the lines say, in the environment or in .env; then: brownie config',
        });
  },
};

export const configurationWarnings: Check = {
  id: 'configuration.warnings',
  runbook: 'docs/configuration.md',
  async look({ configuration: { warnings } }) {
    const said = warnings.filter((each) => !isOfSecret(each));
    return said.length === 0
      ? ok('No setting looks like a mistake')
      : warning({
          finding: 'Settings that look like a mistake, or weaken the service',
          evidence: said,
          remedy: 'correct what the lines say, in the environment or in .env; then: brownie config',
        });
  },
};

/** @NOTE not the group: the units of deploy/systemd let that of the service read, and root alone write. */
const forOthers = 0o007;

export const secretFiles: Check = {
  id: 'configuration.secret-files',
  runbook: 'docs/configuration.md',
  async look({ configuration }) {
    const paths = [...new Set(configuration.secretFiles.values())];
    const open: { path: string; mode: string }[] = [];
    for (const path of paths) {
      const { mode } = await stat(path);
      // @NOTE orchestrators mount secrets readable for all, on a memory disk of the container alone.
      if ((mode & forOthers) !== 0 && !path.startsWith('/run/secrets/')) {
        open.push({ path, mode: (mode & 0o777).toString(8) });
      }
    }
    return open.length === 0
      ? ok('No file of a secret is readable by others')
      : warning({
          finding: 'Files that hold secrets are readable by other users of this machine',
          evidence: open.map(({ path, mode }) => `${path} has mode ${mode}`),
          remedy: `chmod o= ${open.map(({ path }) => path).join(' ')}`,
        });
  },
};

export const telephones: Check = {
  id: 'configuration.telephones',
  runbook: 'docs/operations.md#contacts',
  look: async ({ config }) => judgeTelephones(config.environment, config.operations.telephones),
};

/** @NOTE nobody is called at night for what is no production. */
export function judgeTelephones(environment: string, given: readonly (string | undefined)[]): Verdict {
  const missing = telephoneNames.filter((_, index) => given[index] === undefined);
  return missing.length === 0 || environment !== 'production'
    ? ok('Whoever is to be called has a telephone')
    : warning({
        finding: 'Who is called when nobody acknowledges an alert has no telephone',
        evidence: missing.map((name) => `${name} is not set`),
        remedy: 'set them, in the environment or in .env; then: npm run monitoring:generate',
      });
}
