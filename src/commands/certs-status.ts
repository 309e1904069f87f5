import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type CertificateStatus, certificateStatus } from '../operations/certificates/status.ts';
import { OperationError } from '../platform/errors/operation-error.ts';
import { certificateLine } from './certs-report.ts';
import { commandConfig } from './command-config.ts';
import { type Outcome, report } from './outcome.ts';

const defaultDirectory = 'dev-certs';

/**
 * Shows the certificates of a folder, those that METADATA_POSTGRES_DSN and METADATA_TLS_CERT_FILE name, and the one that
 * the database server shows, and logs in with what that DSN names. Ends with 1 where one has ended, is of no use or is refused,
 * with 3 where one ends within 30 days or the server could not be asked. Throws OperationError where a folder that was named is none.
 */
export async function certsStatus(options: {
  readonly directory?: string;
  readonly json?: boolean;
}): Promise<void> {
  const directory = resolve(options.directory ?? defaultDirectory);
  const isThere = statSync(directory, { throwIfNoEntry: false })?.isDirectory() === true;
  if (!isThere && options.directory !== undefined) {
    throw new OperationError(
      `${directory} is not there, or no folder: give the one that \`brownie certs generate\` wrote to`,
    );
  }
  const { database, http } = commandConfig();
  const status = await certificateStatus({
    folder: isThere ? directory : undefined,
    dsn: database.mode === 'external' ? database.dsn : undefined,
    https: http.tls?.cert,
  });
  report(isEmpty(status) ? nothingInUse(directory) : outcomeOf(status), options);
}

const isEmpty = ({ certificates, findings, login }: CertificateStatus): boolean =>
  certificates.length === 0 && findings.length === 0 && login === undefined;

/** @NOTE nothing is wrong: a service without TLS, or on its embedded PostgreSQL, has none. */
const nothingInUse = (directory: string): Outcome => ({
  exitCode: 0,
  text:
    'No certificate is in use: METADATA_POSTGRES_DSN and METADATA_TLS_CERT_FILE name none, and there is none in ' +
    `${directory}.\n\`brownie certs generate\` makes some for development.\n`,
  json: { certificates: [], findings: [], login: null },
});

function outcomeOf({ certificates, findings, login }: CertificateStatus): Outcome {
  const isFaulty = findings.some(({ isFault }) => isFault);
  return {
    exitCode: isFaulty ? 1 : findings.length > 0 ? 3 : 0,
    text: [
      ...certificates.map(
        (each) => `${each.name.padEnd(12)} ${certificateLine(each)}\n${' '.repeat(13)}${each.source}`,
      ),
      ...(login?.outcome === 'accepted' ? [`${'login'.padEnd(12)} ${login.words}`] : []),
      ...findings.map(({ isFault, words }) => `${isFault ? '!' : '-'} ${words}`),
      '',
    ].join('\n'),
    json: { certificates, findings, login: login ?? null },
  };
}
