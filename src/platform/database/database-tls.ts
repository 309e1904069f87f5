import type { ConnectionOptions } from 'node:tls';
import pg from 'pg';
import { CertificateFiles, type Pems } from '../tls/certificate-files.ts';
import { dsnTls } from './dsn-tls.ts';

/**
 * How connections to the database are secured. The files that the DSN names are looked at for each new connection.
 * @NOTE the driver alone would read them three times, and fail where they are being replaced or have gone bad.
 */
export class DatabaseTls {
  /** For `Client`. */
  readonly dsn: string;
  /** The driver's client, with what the files hold when it is made. */
  readonly Client: typeof pg.Client;
  readonly files: CertificateFiles;
  readonly #used = new WeakMap<pg.ClientBase, Pems>();

  /** Throws CertificateFilesError where the files cannot be used as they are. */
  constructor(dsn: string) {
    const { dsn: bareDsn, paths, ...options } = dsnTls(dsn);
    this.dsn = bareDsn;
    this.files = new CertificateFiles({ setting: 'METADATA_POSTGRES_DSN', paths, purpose: 'client' });
    this.Client = Object.keys(paths).length === 0 ? pg.Client : this.#clientClass(options);
  }

  /** Whether a connection was made with what has been replaced since. */
  isOutdated(client: pg.ClientBase): boolean {
    const used = this.#used.get(client);
    return used !== undefined && used !== this.files.current;
  }

  #clientClass({ negotiation, isVerified }: Pick<ReturnType<typeof dsnTls>, 'negotiation' | 'isVerified'>) {
    const take = (): Pems => {
      this.files.look();
      return this.files.current;
    };
    const remember = (client: pg.Client, pems: Pems) => this.#used.set(client, pems);
    const direct = negotiation === undefined ? {} : { sslnegotiation: negotiation };
    return class extends pg.Client {
      constructor(config?: string | pg.ClientConfig) {
        const pems = take();
        // @NOTE a copy: the driver hides the key in it from whoever prints it, and so from JSON.stringify.
        const ssl: ConnectionOptions = { ...pems, rejectUnauthorized: isVerified };
        super({ ...(typeof config === 'string' ? { connectionString: config } : config), ...direct, ssl });
        remember(this, pems);
      }
    };
  }
}
