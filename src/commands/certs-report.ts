import { reloadServer } from '../operations/certificates/live-server.ts';
import type { Rotation } from '../operations/certificates/rotate-leaf.ts';
import { RefusedError } from '../platform/errors/operation-error.ts';
import type { CertificateFacts } from '../platform/tls/certificate.ts';
import { commandConfig } from './command-config.ts';
import { report } from './outcome.ts';

export interface CertsOptions {
  readonly directory: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export interface RotationReport {
  readonly json: boolean | undefined;
  /** The login that reloads the server; undefined: it is not reloaded. */
  readonly reloadsAs: string | undefined;
  /** Of the certificate that the server should show after a reload. */
  readonly fingerprint: string | undefined;
  /** What to do next, in a sentence. */
  readonly next: string;
  readonly remarks?: readonly string[];
}

/** Reloads the server where that is wished for, and says what was replaced by what. */
export async function reportRotation(
  { before, after, generation }: Rotation,
  { reloadsAs, json = false, fingerprint, next, remarks = [] }: RotationReport,
): Promise<void> {
  const isDryRun = generation === undefined;
  const complaint =
    reloadsAs === undefined || isDryRun ? undefined : await reloadServer(reloadsAs, fingerprint);
  const warnings = [...remarks, ...(complaint === undefined ? [] : [complaint])];
  report(
    {
      exitCode: warnings.length > 0 ? 3 : 0,
      text: [
        isDryRun ? 'Nothing is changed; this would be:' : 'Changed:',
        ...before.map((each) => `  before  ${certificateLine(each)}`),
        ...after.map((each) => `  after   ${certificateLine(each)}`),
        ...warnings.map((line) => `- ${line}`),
        ...(isDryRun || complaint !== undefined ? [] : [next]),
        '',
      ].join('\n'),
      json: { isDryRun, generation: generation ?? null, before, after, warnings, next },
    },
    { json },
  );
}

/**
 * The login that reloads the server, where that is wished for. Throws RefusedError where there is none: to be asked for before
 * anything is changed.
 */
export function reloader({ reload = false }: { readonly reload?: boolean }): string | undefined {
  if (!reload) {
    return undefined;
  }
  const { database } = commandConfig();
  if (database.mode === 'embedded') {
    throw new RefusedError(
      '--reload needs METADATA_POSTGRES_MIGRATION_DSN, the login that reloads the server; nothing was changed',
    );
  }
  return database.migrationDsn;
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
  return [
    subject || 'no subject',
    `serial ${serial}`,
    `sha256 ${fingerprint}`,
    until,
    ...(names === '' ? [] : [names]),
  ].join('; ');
}
