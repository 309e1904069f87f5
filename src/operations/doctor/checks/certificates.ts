import { readFile } from 'node:fs/promises';
import type { Config } from '../../../config/index.ts';
import { dsnTls } from '../../../platform/database/dsn-tls.ts';
import { certificatesOf, factsOf } from '../../../platform/tls/certificate.ts';
import { pairFault } from '../../../platform/tls/pair-fault.ts';
import { presentedCertificate } from '../../certificates/live-server.ts';
import { type Check, critical, ok, type Verdict, warning } from '../check.ts';

const warningDays = 30;
const criticalDays = 7;

interface Pair {
  readonly purpose: 'client' | 'server';
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly ca: string | undefined;
}

const pairsOf = ({ database, http }: Config): readonly Pair[] => {
  const { cert, key, ca } = database.mode === 'external' ? dsnTls(database.dsn).paths : {};
  return [
    { purpose: 'client', cert, key, ca },
    { purpose: 'server', cert: http.tls?.cert, key: http.tls?.key, ca: undefined },
  ];
};

export const certificatePairs: Check = {
  id: 'certificates.pairs',
  runbook: 'docs/runbooks/CertificateExpirationCritical.md',
  async look({ config }) {
    const faults: string[] = [];
    for (const { purpose, cert, key, ca } of pairsOf(config)) {
      const what = purpose === 'client' ? 'METADATA_POSTGRES_DSN' : 'METADATA_TLS_CERT_FILE';
      try {
        const authorities = ca === undefined ? undefined : await readFile(ca, 'utf8');
        if ((cert === undefined) !== (key === undefined)) {
          faults.push(`${what} names a certificate or a key without the other`);
        } else if (cert !== undefined && key !== undefined) {
          const [certificate, keyText] = await Promise.all([readFile(cert, 'utf8'), readFile(key, 'utf8')]);
          const fault = pairFault({ certificate, key: keyText, authorities, purpose });
          faults.push(...(fault === undefined ? [] : [`${what}: ${cert} and ${key}: ${fault}`]));
        }
      } catch (error) {
        faults.push(`${what}: ${error instanceof Error ? error.message : error}`);
      }
    }
    return faults.length === 0
      ? ok('Every certificate fits its key')
      : critical({
          finding: 'A certificate and its key cannot be used as they are',
          evidence: faults,
          remedy: 'brownie certs rollback, or brownie certs rotate client; then: brownie certs status',
        });
  },
};

export const certificateExpiration: Check = {
  id: 'certificates.expiration',
  runbook: 'docs/runbooks/CertificateExpiration.md',
  async look({ config }) {
    const days: { readonly name: string; readonly left: number }[] = [];
    const files = pairsOf(config).flatMap(({ cert, ca }) => [cert, ca]);
    for (const file of files.filter((each) => each !== undefined)) {
      // @NOTE one that cannot be read is what the other check says.
      const chain = await readFile(file, 'utf8').then(certificatesOf, () => []);
      days.push(...chain.map((each) => ({ name: file, left: factsOf(each).daysLeft })));
    }
    if (config.database.mode === 'external') {
      const shown = await presentedCertificate(config.database.dsn).catch(() => undefined);
      days.push(
        ...(shown === undefined
          ? []
          : [{ name: 'that of the database server', left: factsOf(shown).daysLeft }]),
      );
    }
    return judgeDays(days);
  },
};

/** @param days that each certificate has left */
export function judgeDays(days: readonly { readonly name: string; readonly left: number }[]): Verdict {
  const ending = days.filter(({ left }) => left < warningDays).toSorted((a, b) => a.left - b.left);
  const words = ({ name, left }: (typeof days)[number]): string =>
    left < 0 ? `${name} ended ${-left} days ago` : `${name} ends in ${left} days`;
  const [first] = ending;
  if (first === undefined) {
    return ok(days.length === 0 ? 'No certificate is in use' : 'Every certificate lasts', days.map(words));
  }
  const complaint = {
    finding: first.left < 0 ? 'A certificate has ended' : `A certificate ends in ${first.left} days`,
    evidence: ending.map(words),
    remedy: 'brownie certs status; then: brownie certs rotate client|server',
  };
  return first.left < criticalDays ? critical(complaint) : warning(complaint);
}
