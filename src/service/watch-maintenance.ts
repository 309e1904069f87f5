import { type Maintenance, MaintenanceWatch, maintenanceRefusal } from '../platform/maintenance/index.ts';
import type { Logger } from '../platform/observability/logger.ts';
import type { Metrics } from '../platform/observability/metrics.ts';

export interface WatchMaintenanceOptions {
  /** Looks whether maintenance is on. */
  readonly read: () => Promise<Maintenance | undefined>;
  readonly metrics: Pick<Metrics, 'maintenanceChanged'>;
  readonly logger: Logger;
}

/** Maintenance, whose changes are counted and logged. */
export const watchMaintenance = ({ read, metrics, logger }: WatchMaintenanceOptions): MaintenanceWatch =>
  new MaintenanceWatch({
    read,
    onChange(mode) {
      metrics.maintenanceChanged(mode);
      logger.warn(
        { logger: 'brownie.operations', maintenance_message: mode?.message, until: mode?.until ?? undefined },
        mode === undefined ? 'maintenance is over' : 'maintenance: changes are refused',
      );
    },
  });

/** Throws `service.maintenance` while it is on. */
export function refuseInMaintenance({ current }: MaintenanceWatch): void {
  if (current !== undefined) {
    throw maintenanceRefusal(current);
  }
}
