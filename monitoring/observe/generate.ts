import { join } from 'node:path';
import { runFile } from '../../src/platform/programs/run-to-end.ts';

/** What the generated configuration is to fit. */
export interface GeneratedFor {
  /** A folder for the files: `deploy/` as in the repository. */
  readonly directory: string;
  /** Instances of the service, as `host:port`. */
  readonly targets: readonly string[];
  /** What is asked from outside, as a client does: `http://127.0.0.1:8000/health/live`. */
  readonly front: string;
  /** Where the prober listens, as `host:port`. */
  readonly prober: string;
  /** HAProxy's own figures, as `host:port`, where it stands before the service. */
  readonly haproxy?: string;
  /** Where Alertmanager listens, as `host:port`. */
  readonly alertmanager: string;
  /** Where Alertmanager sends everything. */
  readonly webhook: string;
  /** By how much windows and waits are shortened; 1 where they are those of `deploy/`. */
  readonly timeScale: number;
}

const root = join(import.meta.dirname, '../..');

/** Generates rules and configurations from the catalogue of alerts; see monitoring/generate/monitoring.ts. */
export async function generateMonitoring(options: GeneratedFor): Promise<void> {
  const { code, stderr } = await runFile(
    process.execPath,
    [
      'monitoring/generate/monitoring.ts',
      ...['--out', options.directory],
      ...options.targets.flatMap((target) => ['--target', target]),
      ...['--front', options.front, '--prober', options.prober],
      ...(options.haproxy === undefined ? [] : ['--haproxy', options.haproxy]),
      ...['--alertmanager', options.alertmanager],
      ...['--webhook', options.webhook],
      ...['--time-scale', String(options.timeScale)],
    ],
    { directory: root },
  );
  if (code !== 0) {
    throw new Error(`monitoring/generate/monitoring.ts ended with ${code}\n${stderr}`);
  }
}
