import type { Config } from '../../config/index.ts';
import type { DatabaseFault } from './database-fault.ts';
import type { Session } from './session.ts';

/** What is known of the configuration before anything is looked at. */
export interface ConfigurationState {
  /** Undefined where it has faults. */
  readonly config: Config | undefined;
  /** Sentences; each begins with the name of a variable. */
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
  /** The files that secrets come from, by the name of the setting. */
  readonly secretFiles: ReadonlyMap<string, string>;
}

/** The system under examination, as the checks get to see it. */
export interface DoctorContext {
  /** Of this program. */
  readonly version: string;
  /** The folder of this version's migrations. */
  readonly migrationsDirectory: string;
  readonly configuration: ConfigurationState;
  /** The configuration. Throws where it has faults: then nothing else can be looked at. */
  readonly config: Config;
  /** As the login of the service. Rejects where it cannot be had. */
  service(): Promise<Session>;
  /** As the login that owns the tables, or the service's where only that one is known. Rejects as `service` does. */
  owner(): Promise<Session>;
  /** Why there is no session of the service; undefined where there is one. */
  databaseFault(): Promise<DatabaseFault | undefined>;
  /** Why there is no session of the owner; undefined where there is one. */
  ownerFault(): Promise<DatabaseFault | undefined>;
}
