import { demandOf, dsnsOfServers } from './dsn.ts';

/**
 * A DSN for one server: the one that a DSN names, or of several the one that is chosen now. Rejects with what they answered, and with
 * CertificateFilesError.
 */
export async function chosenDsn(dsn: string): Promise<string> {
  if (dsnsOfServers(dsn).length === 1 && demandOf(dsn) === 'any') {
    return dsn;
  }
  // @NOTE hardly any command needs it.
  const { DatabaseTls } = await import('./database-tls.ts');
  return await new DatabaseTls(dsn).chosenDsn();
}
