import type pg from 'pg';
import type { SigningKeys } from '../../platform/auth/key-ring/index.ts';
import { invalid } from '../../platform/errors/api-error.ts';
import type { Visitor } from '../../platform/http/route.ts';
import {
  currentMaintenance,
  EndPassedError,
  type MaintenanceWatch,
  turnOff,
  turnOn,
} from '../../platform/maintenance/index.ts';
import type { Logger } from '../../platform/observability/logger.ts';
import {
  insertOperatorEvent,
  type Operator,
  type OperatorAction,
} from '../../platform/operator-events/index.ts';
import { certificateDays, type DetailInputs, maintenanceState, poolNow } from './health-details.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { OperatorActions } from './operator-routes.ts';
import type { InstanceInfo, InstancePhase, MaintenanceBegun, MaintenanceOrder } from './operator-schemas.ts';

export interface OperatorServiceOptions {
  readonly pool: pg.Pool;
  readonly watch: MaintenanceWatch;
  readonly lifecycle: Lifecycle;
  readonly health: () => DetailInputs;
  readonly keys: Pick<SigningKeys, 'all'>;
  /** Requests under way, this one among them. */
  readonly inFlight: () => number;
  /** Loads the configuration again; false where it was refused. */
  readonly reload: () => Promise<boolean>;
  readonly logger: Logger;
}

const operatorOf = ({ address, requestId }: Visitor): Operator => ({
  actor: `operator at ${address}`,
  requestId,
});

/** What operators do through the API. Each change leaves a line in the log and a row in operator_events. */
export class OperatorService implements OperatorActions {
  readonly #options: OperatorServiceOptions;

  constructor(options: OperatorServiceOptions) {
    this.#options = options;
  }

  async maintenance() {
    return maintenanceState(await this.#lend(currentMaintenance));
  }

  async startMaintenance(visitor: Visitor, order: MaintenanceOrder): Promise<MaintenanceBegun> {
    const { message, until = null } = order;
    try {
      const { maintenance, isQuiet } = await this.#lend((client) =>
        turnOn(client, { message, until }, operatorOf(visitor)),
      );
      this.#tell(visitor, 'maintenance.started', { maintenance_message: message, until });
      return { ...maintenanceState(maintenance), is_quiet: isQuiet };
    } catch (error) {
      throw error instanceof EndPassedError ? invalid('/until', 'must be in the future') : error;
    } finally {
      await this.#options.watch.refresh();
    }
  }

  async endMaintenance(visitor: Visitor) {
    const before = await this.#lend((client) => turnOff(client, operatorOf(visitor)));
    if (before !== undefined) {
      this.#tell(visitor, 'maintenance.ended', { started_at: before.startedAt });
    }
    await this.#options.watch.refresh();
    return maintenanceState(undefined);
  }

  async drain(visitor: Visitor): Promise<InstancePhase> {
    this.#options.lifecycle.drain();
    await this.#keep(visitor, 'instance.drained');
    return this.#phase();
  }

  async undrain(visitor: Visitor): Promise<InstancePhase> {
    this.#options.lifecycle.undrain();
    await this.#keep(visitor, 'instance.undrained');
    return this.#phase();
  }

  async reload(visitor: Visitor) {
    const isSuccess = await this.#options.reload();
    await this.#keep(visitor, 'configuration.reloaded', { is_success: isSuccess });
    return { is_success: isSuccess };
  }

  async info(): Promise<InstanceInfo> {
    const { health, keys } = this.#options;
    const inputs = health();
    const { version, now, startedAt, migrations } = inputs;
    return {
      version,
      node_version: process.versions.node,
      uptime_seconds: Math.round((now.getTime() - startedAt.getTime()) / 1000),
      ...this.#phase(),
      jwt_keys: keys.all().map(({ kid, status }) => ({ kid, status })),
      certificates: certificateDays(inputs),
      migrations,
      pool: poolNow(inputs),
      maintenance: maintenanceState(inputs.maintenance),
    };
  }

  #phase(): InstancePhase {
    const { lifecycle, inFlight } = this.#options;
    return { phase: lifecycle.phase, in_flight: Math.max(0, inFlight() - 1) };
  }

  /** @NOTE a connection that maintenance was switched on is closed: its timeouts may be spoilt. */
  async #lend<Result>(work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
    const client = await this.#options.pool.connect();
    try {
      return await work(client);
    } finally {
      client.release(true);
    }
  }

  /** @NOTE an instance is drained whether its database answers or not: then the log is all that is left of it. */
  async #keep(visitor: Visitor, action: OperatorAction, details: object = {}): Promise<void> {
    this.#tell(visitor, action, details);
    const { pool, logger } = this.#options;
    await insertOperatorEvent(pool, operatorOf(visitor), action, details).catch((error: unknown) =>
      logger.warn({ logger: 'brownie.operations', error }, `${action} is not in operator_events`),
    );
  }

  #tell({ address, requestId }: Visitor, action: OperatorAction, details: object): void {
    this.#options.logger.info(
      { logger: 'brownie.operations', action, client_address: address, request_id: requestId, ...details },
      `the operator did it: ${action}`,
    );
  }
}
