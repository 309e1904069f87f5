import { type ResolvedConfig, resolveConfig, serviceSource } from '../config/index.ts';
import { type Log, openLog } from '../platform/observability/open-log.ts';
import { promiseEnd } from '../platform/process/end-deadline.ts';
import { onFatalError, onWarning } from '../platform/process/fatal-error-handlers.ts';
import { growHeapBy } from '../platform/process/heap-growth.ts';
import { processLine } from '../platform/process/process-line.ts';
import { endWithParent, stopSignal } from '../platform/process/stop-signal.ts';
import { type Server, type ServerOptions, startServer } from '../service/server.ts';
import { announceStart } from './announce-start.ts';

/**
 * What of the heap's live part may be garbage before V8 looks for it, in percent. @NOTE a third costs a request up to two fifths more of the
 * processor; V8's own choice takes a fifth more memory, and saves little.
 */
const heapGrowthPercent = 100;

/** What closing takes beyond the drain: the database, the pool, the last spans. */
const closingSeconds = 60;

/**
 * The service in this process, until SIGINT or SIGTERM.
 * @param isSupervised whether a parent turns what this process writes to standard error into JSON lines, and takes it
 *   along when it dies; else this is a terminal
 */
export async function runService({ isSupervised }: { isSupervised: boolean }): Promise<void> {
  growHeapBy(heapGrowthPercent);
  const signals = stopSignal();
  let log: Log | undefined;
  if (isSupervised) {
    onWarning();
    onFatalError();
    // @NOTE at once, as kill -9 would have it: whoever starts the service again finds its port and its folder free.
    endWithParent(() => {
      log?.logger.fatal({ logger: 'brownie.process' }, 'the parent process is gone; the service ends');
      process.exit(1);
    });
  }
  const started = resolveConfig(serviceSource());
  const { config } = started;
  log = openLog({
    level: config.log.level,
    isForPeople: !isSupervised,
    onFailure: (message) =>
      process.stderr.write(isSupervised ? processLine('error', message) : `${message}\n`),
  });
  const { logger } = log;
  const { drainSeconds, stopTimeoutSeconds } = config.lifecycle;
  signals.stopped.then(() => promiseEnd((drainSeconds + stopTimeoutSeconds + closingSeconds) * 1_000));
  for (const warning of started.warnings) {
    logger.warn(warning);
  }
  const options = { log, readConfig: () => resolveConfig(serviceSource()) };
  await using server = await startUnlessStopped(started, options, signals.stopped);
  if (server === undefined) {
    return;
  }
  signals.onReload(() => server.reload());
  await announceStart(server, config, log, isSupervised);
  logger.info({ signal: await signals.stopped, drain_seconds: drainSeconds }, 'service is stopping');
  const cut = await server.stop({ drainSeconds, stopTimeoutSeconds });
  if (cut > 0) {
    logger.error({ requests: cut }, `requests were cut off: not done within ${stopTimeoutSeconds} s`);
  }
  logger.info(cut > 0 ? 'service stopped' : 'service stopped: every request is answered');
}

/** Undefined where the signal to stop came while it waited for its database. */
async function startUnlessStopped(
  started: ResolvedConfig<string>,
  options: Omit<ServerOptions, 'stopping'>,
  stopped: Promise<NodeJS.Signals>,
): Promise<Server | undefined> {
  const stopping = new AbortController();
  stopped.then(() => stopping.abort());
  try {
    return await startServer(started, { ...options, stopping: stopping.signal });
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') {
      options.log.logger.info('stopped while it waited for its database');
      return undefined;
    }
    throw error;
  }
}
