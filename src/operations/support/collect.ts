import { availableParallelism, freemem, loadavg, release, totalmem } from 'node:os';
import { migrationRows, migrationStatus, readMigrations } from '../../platform/migrations/index.ts';
import { type DoctorContext, diagnose } from '../doctor/index.ts';
import { ask, serviceUrls } from '../probing/ask-service.ts';
import { describeServer } from './describe-server.ts';
import { logTail } from './log-tail.ts';

/** A file of the bundle, before anything is masked. */
export interface Piece {
  readonly name: string;
  /** JSON, or lines. */
  readonly content: object | string;
}

export interface Collection {
  readonly pieces: readonly Piece[];
  /** What could not be had, and why: `metrics.txt: no instance answers`. */
  readonly missing: readonly string[];
}

export interface CollectOptions {
  readonly context: DoctorContext;
  /** What is known of the settings, masked. */
  readonly configuration: object;
  readonly logFile: string | undefined;
  readonly logLines: number;
}

/** Gathers what somebody else needs to understand a fault. Never rejects: what cannot be had is named. */
export async function collect({
  context,
  configuration,
  logFile,
  logLines,
}: CollectOptions): Promise<Collection> {
  const makers: readonly (readonly [name: string, make: () => Promise<object | string>])[] = [
    ['about.json', async () => about(context.version)],
    ['configuration.json', async () => configuration],
    ['doctor.json', async () => ({ checks: await diagnose(context) })],
    ['migrations.json', async () => migrations(context)],
    ['database.json', async () => await describeServer(await context.service())],
    ['health.json', async () => await fromInstance(context, 'base', '/health')],
    ['metrics.txt', async () => await fromInstance(context, 'details', '/metrics')],
    ['log.jsonl', async () => await logTail(logFile, logLines)],
  ];
  const pieces: Piece[] = [];
  const missing: string[] = [];
  for (const [name, make] of makers) {
    try {
      pieces.push({ name, content: await make() });
    } catch (error) {
      missing.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { pieces, missing };
}

const about = (version: string) => ({
  version,
  node: process.version,
  platform: `${process.platform} ${process.arch}, ${release()}`,
  processors: availableParallelism(),
  memoryMib: { total: Math.round(totalmem() / 1024 ** 2), free: Math.round(freemem() / 1024 ** 2) },
  load: loadavg(),
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
});

async function migrations(context: DoctorContext): Promise<object> {
  const files = await readMigrations(context.migrationsDirectory);
  return { migrations: migrationRows(await migrationStatus((await context.service()).sender, files)) };
}

async function fromInstance(context: DoctorContext, at: 'base' | 'details', path: string): Promise<string> {
  const urls = serviceUrls(context.config);
  if (urls === undefined) {
    throw new Error('METADATA_PORT is 0: nobody knows where an instance listens');
  }
  const { status, body } = await ask(`${urls[at]}${path}`, { token: context.config.operations.token });
  if (status === 401 || status === 403 || status === 404) {
    throw new Error(`${urls[at]}${path} answered ${status}`);
  }
  return body;
}
