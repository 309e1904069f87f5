import type { ConnectionOptions } from 'node:tls';
import pg from 'pg';
import { CertificateFiles, type Pems } from '../tls/certificate-files.ts';
import { demandOf, dsnsOfServers } from './dsn.ts';
import { dsnTls } from './dsn-tls.ts';
import { type ServerAddress, ServerChoice } from './server-choice.ts';

/**
 * How connections to the database are made: secured by the files that the DSN names, which are looked at for each new connection, and
 * to which of its servers.
 * @NOTE the driver alone would read the files three times, and fail where they are being replaced or have gone bad; it knows neither
 * several servers nor target_session_attrs.
 */
export class DatabaseTls {
  /** For `Client`. */
  readonly dsn: string;
  /** The driver's client, with what the files hold when it is made, to the server that is chosen when it connects. */
  readonly Client: typeof pg.Client;
  readonly files: CertificateFiles;
  /** Undefined where the DSN names one server and takes it as it is. */
  readonly #servers: ServerChoice | undefined;
  readonly #used = new WeakMap<pg.ClientBase, Pems>();
  readonly #connectedTo = new WeakMap<pg.ClientBase, ServerAddress>();

  /** Throws CertificateFilesError where the files cannot be used as they are. */
  constructor(dsn: string, setting = 'METADATA_POSTGRES_DSN') {
    const { dsn: bareDsn, paths, ...options } = dsnTls(dsn);
    const dsns = dsnsOfServers(bareDsn);
    const demand = demandOf(dsn);
    this.dsn = dsns[0] ?? bareDsn;
    this.files = new CertificateFiles({ setting, paths, purpose: 'client' });
    const Client = Object.keys(paths).length === 0 ? pg.Client : this.#clientClass(options);
    this.#servers =
      dsns.length === 1 && demand === 'any' ? undefined : new ServerChoice({ dsns, demand, Client });
    this.Client = this.#servers === undefined ? Client : this.#choosingClass(Client, this.#servers);
  }

  /** A DSN for the server that is chosen now. Rejects with what the servers answered. */
  async chosenDsn(): Promise<string> {
    return this.#servers === undefined ? this.dsn : (await this.#servers.find()).dsn;
  }

  /** Whether a connection was made with what has been replaced since, or to a server that another one was chosen over. */
  isOutdated(client: pg.ClientBase): boolean {
    const used = this.#used.get(client);
    const address = this.#connectedTo.get(client);
    return (
      (used !== undefined && used !== this.files.current) ||
      (address !== undefined && this.#servers?.isLeft(address) === true)
    );
  }

  /** Its server does not answer, or is not what is asked for: where there are others, they are looked at. Whether there are. */
  lost(client: pg.ClientBase): boolean {
    this.#servers?.lost(this.#connectedTo.get(client));
    return this.#servers !== undefined;
  }

  /** Told when connections that are open have become outdated. */
  onOutdated(listener: () => void): void {
    this.files.follow({ onRenewed: listener });
    this.#servers?.onMove(listener);
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

  #choosingClass(Client: typeof pg.Client, servers: ServerChoice): typeof pg.Client {
    const remember = (client: pg.Client, address: ServerAddress) => this.#connectedTo.set(client, address);
    return class extends Client {
      override connect(): Promise<pg.Client>;
      override connect(callback: (error: Error) => void): void;
      override connect(callback?: (error: Error) => void): Promise<pg.Client> | undefined {
        const connecting = this.#connect();
        if (callback === undefined) {
          return connecting;
        }
        connecting.then(() => callback(null as unknown as Error), callback);
        return undefined;
      }

      async #connect(): Promise<pg.Client> {
        const address = await servers.find();
        remember(this, address);
        // @NOTE the driver reads them when it connects; the name is the one that the certificate is compared with, too.
        Object.assign(this, { host: address.host, port: address.port });
        try {
          return await super.connect();
        } catch (error) {
          servers.lost(address);
          throw error;
        }
      }
    };
  }
}
