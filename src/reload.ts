import type { ResolvedConfig, ServiceConfig } from './config/index.ts';
import type { Logger } from './platform/observability/logger.ts';

/** The settings that take effect without a restart. What else `apply` re-reads (certificates) has no setting of its own. */
const live: ReadonlySet<string> = new Set([
  'METADATA_LOG_LEVEL',
  'METADATA_DEBUG',
  'METADATA_JWT_SECRET',
  'METADATA_JWT_SECRET_PREVIOUS',
]);

export interface ConfigReloadOptions {
  /** What the service runs on. */
  readonly started: ResolvedConfig<string>;
  /** Reads `.env` and the files of secrets again. Throws ConfigurationError. */
  readonly read: () => ResolvedConfig<string>;
  /** Brings into effect what can change while the service runs, but for the level of the log. */
  readonly apply: (next: ServiceConfig) => Promise<void>;
  readonly setLevel: (level: ServiceConfig['log']['level']) => void;
  readonly logger: Logger;
  readonly onResult: (isSuccess: boolean) => void;
}

/** Reloads the configuration of a running service: a faulty one is refused as a whole, and the one before stays. */
export class ConfigReload {
  readonly #options: ConfigReloadOptions;
  #current: ResolvedConfig<string>;
  #running: Promise<boolean> = Promise.resolve(true);

  constructor(options: ConfigReloadOptions) {
    this.#options = options;
    this.#current = options.started;
  }

  /** Reloads, after those that are under way; answers whether it succeeded. Never rejects: what is wrong is in the log and in `onResult`. */
  run(): Promise<boolean> {
    this.#running = this.#running.then(() => this.#reload());
    return this.#running;
  }

  async #reload(): Promise<boolean> {
    const { logger, onResult } = this.#options;
    try {
      const next = this.#options.read();
      await this.#options.apply(next.config);
      this.#report(next, () => this.#options.setLevel(next.config.log.level));
      this.#current = next;
      onResult(true);
      return true;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      logger.error(
        { logger: 'brownie.config' },
        `the configuration is not reloaded, the one before stays. ${reason}`,
      );
      onResult(false);
      return false;
    }
  }

  #report(next: ResolvedConfig<string>, setLevel: () => void): void {
    const { logger, started } = this.#options;
    const changed = differences(this.#current, next).filter((name) => live.has(name));
    const waiting = differences(started, next).filter((name) => !live.has(name));
    const report = (): void => {
      logger.info(
        { logger: 'brownie.config', changed },
        `configuration reloaded; ${listed(changed)} changed`,
      );
      for (const warning of next.warnings) {
        logger.warn({ logger: 'brownie.config' }, warning);
      }
      if (waiting.length > 0) {
        logger.warn({ logger: 'brownie.config' }, `${waiting.join(', ')} changed, too: restart the service`);
      }
    };
    // @NOTE whichever of the two levels lets it through.
    const isHeardBefore = logger.isLevelEnabled('info');
    if (isHeardBefore) {
      report();
    }
    setLevel();
    if (!isHeardBefore) {
      report();
    }
  }
}

const listed = (names: readonly string[]): string => (names.length === 0 ? 'nothing' : names.join(', '));

/** The names of the settings whose effective values differ. Secrets are compared by their masks, which hold a hash. */
function differences(one: ResolvedConfig, other: ResolvedConfig): string[] {
  const values = new Map(one.settings.map(({ name, value }) => [name, value]));
  return other.settings.filter(({ name, value }) => values.get(name) !== value).map(({ name }) => name);
}
