import { totalmem } from 'node:os';
import { Gauge, type Registry } from 'prom-client';

/** A certificate in use, as its file says. */
export interface CertificateTimes {
  /** `client`, `ca`. */
  readonly name: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** What runs here, and how it is. */
export function processMetrics(registry: Registry, version: string) {
  const registers = [registry];
  const gauge = (name: string, help: string, labelNames: readonly string[] = []): Gauge =>
    new Gauge({ name, help, labelNames: [...labelNames], registers });

  gauge('build_info', 'Always 1; its labels say what runs here.', ['version', 'node_version']).set(
    { version, node_version: process.versions.node },
    1,
  );
  // @NOTE constrainedMemory is the limit of the cgroup; without one it is a number larger than any machine, or 0.
  const limit = process.constrainedMemory() || totalmem();
  gauge('process_memory_limit_bytes', 'The memory that this process may use.').set(
    Math.min(limit, totalmem()),
  );

  const health = gauge('brownie_health_status', '1 where a dependency is healthy, else 0.', ['dependency']);
  const draining = gauge('draining', '1 while this instance finishes its work and takes no more.');
  const maintenance = gauge('maintenance_mode', '1 while changes are refused for maintenance.');
  const maintenanceStart = gauge(
    'maintenance_started_timestamp_seconds',
    'When maintenance began; 0 where it is off.',
  );
  const maintenanceEnd = gauge(
    'maintenance_until_timestamp_seconds',
    'When maintenance ends by itself; 0 where that is not planned, or it is off.',
  );
  const reloadSuccess = gauge(
    'config_reload_success',
    '1 where the last reload of the configuration succeeded.',
  );
  const reloadTime = gauge('config_reload_timestamp_seconds', 'When the configuration was last loaded.');
  const notBefore = gauge(
    'tls_certificate_not_before_timestamp_seconds',
    'When a certificate begins to be valid.',
    ['name'],
  );
  const notAfter = gauge(
    'tls_certificate_not_after_timestamp_seconds',
    'When a certificate ends to be valid.',
    ['name'],
  );
  draining.set(0);
  maintenance.set(0);
  maintenanceStart.set(0);
  maintenanceEnd.set(0);
  reloadSuccess.set(1);
  reloadTime.setToCurrentTime();

  return {
    dependencyChanged: (dependency: string, isHealthy: boolean): void =>
      health.set({ dependency }, isHealthy ? 1 : 0),
    drainingChanged: (isDraining: boolean): void => draining.set(isDraining ? 1 : 0),
    /** Times in RFC 3339. */
    maintenanceChanged(
      mode: { readonly startedAt: string; readonly until: string | null } | undefined,
    ): void {
      maintenance.set(mode === undefined ? 0 : 1);
      maintenanceStart.set(mode === undefined ? 0 : Date.parse(mode.startedAt) / 1000);
      maintenanceEnd.set(mode?.until ? Date.parse(mode.until) / 1000 : 0);
    },
    configReloaded(isSuccess: boolean): void {
      reloadSuccess.set(isSuccess ? 1 : 0);
      if (isSuccess) {
        reloadTime.setToCurrentTime();
      }
    },
    certificatesRead(certificates: readonly CertificateTimes[]): void {
      notBefore.reset();
      notAfter.reset();
      for (const { name, notBefore: from, notAfter: until } of certificates) {
        notBefore.set({ name }, from.getTime() / 1000);
        notAfter.set({ name }, until.getTime() / 1000);
      }
    },
  };
}
