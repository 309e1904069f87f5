import { Counter, type Registry } from 'prom-client';

/** What went wrong with the log since the start. */
export interface LogCounts {
  readonly writeErrors: number;
  readonly lostLines: number;
}

/** How the log is: what it cannot tell itself. */
export function logMetrics(registry: Registry, log: LogCounts) {
  const counter = (name: string, help: string, read: () => number): void => {
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  };
  counter(
    'log_write_errors_total',
    'Attempts to write the log that failed: its disk is full, or its reader gone.',
    () => log.writeErrors,
  );
  counter(
    'log_lines_lost_total',
    'Lines of the log that were lost: it could not be written for long, or is read too slowly.',
    () => log.lostLines,
  );
}
