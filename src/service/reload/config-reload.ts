import type { ResolvedConfig, ServiceConfig } from '../../config/index.ts';
import type { Logger } from '../../platform/observability/logger.ts';
import { type Change, changesBetween, changesText, type InEffect } from './reload-changes.ts';

/** The settings that take effect without a restart. The certificates that `apply` looks at have no setting of their own. */
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
  /** The certificates in use, by name: their fingerprints. */
  readonly certificates: () => InEffect;
  readonly setLevel: (level: ServiceConfig['log']['level']) => void;
  readonly logger: Logger;
  readonly onResult: (isSuccess: boolean) => void;
}

/** Reloads the configuration of a running service: a faulty one is refused as a whole, and the one before stays. */
export class ConfigReload {
  readonly #options: ConfigReloadOptions;
  #current: ResolvedConfig<string>;
  #certificates: InEffect;
  #running: Promise<boolean> = Promise.resolve(true);

  constructor(options: ConfigReloadOptions) {
    this.#options = options;
    this.#current = options.started;
    this.#certificates = options.certificates();
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
      const certificates = this.#options.certificates();
      this.#report(next, certificates);
      this.#current = next;
      this.#certificates = certificates;
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

  #report(next: ResolvedConfig<string>, certificates: InEffect): void {
    const { logger, started, setLevel } = this.#options;
    const changed = [
      ...settingChanges(this.#current, next).filter(({ name }) => live.has(name)),
      // @NOTE since the last reload: one that was replaced seconds ago is in use already, and yet news to whoever reloads.
      ...changesBetween(this.#certificates, certificates),
    ];
    const waiting = settingChanges(started, next).filter(({ name }) => !live.has(name));
    const report = (): void => {
      const text = changed.length === 0 ? 'nothing changed' : changesText(changed);
      const fields = { logger: 'brownie.config', changed, certificates: Object.fromEntries(certificates) };
      logger.info(fields, `configuration reloaded; ${text}`);
      for (const warning of next.warnings) {
        logger.warn({ logger: 'brownie.config' }, warning);
      }
      if (waiting.length > 0) {
        const text = `${changesText(waiting)}: changed, too, but only a restart brings it into effect`;
        logger.warn({ logger: 'brownie.config', waiting }, text);
      }
    };
    // @NOTE whichever of the two levels lets it through.
    const isHeardBefore = logger.isLevelEnabled('info');
    if (isHeardBefore) {
      report();
    }
    setLevel(next.config.log.level);
    if (!isHeardBefore) {
      report();
    }
  }
}

/** The settings whose effective values differ. Secrets are compared by their masks, which hold a hash. */
const settingChanges = (before: ResolvedConfig, now: ResolvedConfig): readonly Change[] =>
  changesBetween(valuesOf(before), valuesOf(now));

const valuesOf = ({ settings }: ResolvedConfig): InEffect =>
  new Map(settings.map(({ name, value }) => [name, value]));
