import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type CertificateStatus, certificateStatus } from '../operations/certificates/index.ts';
import type { CertificateFacts } from '../platform/tls/certificate.ts';
import { commandConfig } from './command-config.ts';
import { CommandError } from './command-error.ts';
import { type Outcome, report } from './outcome.ts';

/**
 * Shows the certificates of a folder, those that METADATA_POSTGRES_DSN names, and the one that its server shows. Ends
 * with 1 where one has ended or is of no use, with 3 where one ends within 30 days.
 */
export async function certsStatus(options: {
  readonly directory: string;
  readonly json?: boolean;
}): Promise<void> {
  const { database } = commandConfig();
  const dsn = database.mode === 'external' ? database.dsn : undefined;
  const directory = resolve(options.directory);
  const folder = existsSync(directory) ? directory : undefined;
  const status = await certificateStatus(folder, dsn);
  if (status.certificates.length === 0 && status.findings.length === 0) {
    throw new CommandError(
      `There is no certificate in ${directory}, and METADATA_POSTGRES_DSN names none: brownie certs generate makes some`,
    );
  }
  report(outcomeOf(status), options);
}

function outcomeOf({ certificates, findings }: CertificateStatus): Outcome {
  const isFaulty = findings.some(({ isFault }) => isFault);
  return {
    exitCode: isFaulty ? 1 : findings.length > 0 ? 3 : 0,
    text: [
      ...certificates.map(
        (each) => `${each.name.padEnd(12)} ${certificateLine(each)}\n${' '.repeat(13)}${each.source}`,
      ),
      ...findings.map(({ isFault, words }) => `${isFault ? '!' : '-'} ${words}`),
      '',
    ].join('\n'),
    json: { certificates, findings },
  };
}

/** A certificate in one line: whom it names, its serial as openssl writes it, and how long it lasts. */
export function certificateLine({
  subject,
  serial,
  fingerprint,
  notAfter,
  daysLeft,
  names,
}: CertificateFacts): string {
  const until = `until ${notAfter.toISOString().slice(0, 10)} (${daysLeft} days)`;
  return [subject, `serial ${serial}`, `sha256 ${fingerprint}`, until, ...(names === '' ? [] : [names])].join(
    '; ',
  );
}
