import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { type ResolvedConfig, resolveConfig } from '../../config/index.ts';
import {
  createLogger,
  type Logger,
  type LogLevel,
  setLogLevel,
} from '../../platform/observability/logger.ts';
import { ConfigReload } from './config-reload.ts';

const fixed = { METADATA_JWT_SECRET: 'Zk3vT8qLw1xR6yN0bH5cJ9dS2fG7aKpM' };
const fingerprint = (secret: string): string => createHash('sha256').update(secret).digest('hex').slice(0, 8);
let variables: Record<string, string>;
let lines: Record<string, unknown>[];
let results: boolean[];
let logger: Logger;
let certificates: Record<string, string>;

const read = (): ResolvedConfig<string> => resolveConfig({ env: { ...fixed, ...variables } });

function newReload(apply: () => Promise<void> = async () => undefined): ConfigReload {
  const started = read();
  setLogLevel(logger, started.config.log.level);
  return new ConfigReload({
    started,
    read,
    apply,
    certificates: () => new Map(Object.entries(certificates)),
    setLevel: (level: LogLevel) => setLogLevel(logger, level),
    logger,
    onResult: (isSuccess) => results.push(isSuccess),
  });
}

beforeEach(() => {
  variables = {};
  lines = [];
  results = [];
  certificates = {};
  logger = createLogger({ level: 'INFO', destination: { write: (line) => lines.push(JSON.parse(line)) } });
});

describe('a reload', () => {
  test('changes the level, and says so', async () => {
    const reload = newReload();
    variables = { METADATA_LOG_LEVEL: 'debug' };
    await reload.run();
    expect(logger.level).toBe('debug');
    expect(lines).toMatchObject([
      {
        level: 'info',
        logger: 'brownie.config',
        message: 'configuration reloaded; METADATA_LOG_LEVEL: INFO → DEBUG',
        changed: [{ name: 'METADATA_LOG_LEVEL', from: 'INFO', to: 'DEBUG' }],
      },
    ]);
    expect(results).toEqual([true]);
  });

  test.each([
    ['INFO', 'error'],
    ['ERROR', 'info'],
  ])('from %s to %s is told, at whichever level lets it through', async (before, after) => {
    variables = { METADATA_LOG_LEVEL: before };
    const reload = newReload();
    variables = { METADATA_LOG_LEVEL: after };
    await reload.run();
    const message = `configuration reloaded; METADATA_LOG_LEVEL: ${before} → ${after.toUpperCase()}`;
    expect(lines).toMatchObject([{ message }]);
  });

  test('that finds everything as it was says so', async () => {
    certificates = { 'client certificate': '1a2b3c4d' };
    await newReload().run();
    expect(lines).toMatchObject([
      { message: 'configuration reloaded; nothing changed', changed: [], certificates },
    ]);
  });

  test('tells secrets by their fingerprints, and never by their values', async () => {
    const reload = newReload();
    const secret = 'aG3kT8qLw1xR6yN0bH5cJ9dS2fG7aKpM';
    variables = { METADATA_JWT_SECRET: secret, METADATA_JWT_SECRET_PREVIOUS: fixed.METADATA_JWT_SECRET };
    await reload.run();
    const [before, after] = [fingerprint(fixed.METADATA_JWT_SECRET), fingerprint(secret)];
    expect(lines).toMatchObject([
      {
        message:
          `configuration reloaded; METADATA_JWT_SECRET: sha256 ${before} → sha256 ${after}, ` +
          `METADATA_JWT_SECRET_PREVIOUS: not set → sha256 ${before}`,
      },
    ]);
    expect(JSON.stringify(lines)).not.toContain(secret);
    expect(JSON.stringify(lines)).not.toContain(fixed.METADATA_JWT_SECRET);
  });

  test('tells of each certificate that is another since the last one', async () => {
    certificates = { 'client certificate': '1a2b3c4d', 'server certificate': '00000000' };
    const reload = newReload();
    certificates = { ...certificates, 'client certificate': '5e6f7a8b' };
    await reload.run();
    await reload.run();
    expect(lines.map(({ message }) => message)).toEqual([
      'configuration reloaded; client certificate: 1a2b3c4d → 5e6f7a8b',
      'configuration reloaded; nothing changed',
    ]);
  });

  test('of a faulty configuration changes nothing, and names each fault', async () => {
    const reload = newReload();
    variables = { METADATA_LOG_LEVEL: 'debug', METADATA_PORT: 'eighty', METADATA_DEBUG: 'perhaps' };
    await reload.run();
    expect(logger.level).toBe('info');
    expect(results).toEqual([false]);
    expect(lines).toMatchObject([{ level: 'error' }]);
    expect(lines[0]?.['message']).toMatch(/one before stays.*METADATA_DEBUG.*METADATA_PORT.*"eighty"/s);
  });

  test('that fails while it is applied leaves the level, and the next one mends it', async () => {
    let isBroken = true;
    const reload = newReload(async () => {
      if (isBroken) {
        throw new Error('the certificate cannot be read');
      }
    });
    variables = { METADATA_LOG_LEVEL: 'debug' };
    await reload.run();
    expect(logger.level).toBe('info');
    isBroken = false;
    await reload.run();
    expect([logger.level, results]).toEqual(['debug', [false, true]]);
  });

  test('names what only a restart brings into effect, until there is one', async () => {
    const reload = newReload();
    variables = { METADATA_PORT: '9999' };
    await reload.run();
    await reload.run();
    const restart = {
      level: 'warning',
      message: 'METADATA_PORT: 8080 → 9999: changed, too, but only a restart brings it into effect',
    };
    expect(lines.filter(({ level }) => level === 'warning')).toMatchObject([restart, restart]);
  });

  test('repeats what is questionable about the configuration', async () => {
    const reload = newReload();
    variables = { METADATA_LOG_LEVLE: 'debug' };
    await reload.run();
    expect(JSON.stringify(lines)).toContain('METADATA_LOG_LEVLE');
  });

  test('waits for the one before', async () => {
    let underWay = 0;
    let most = 0;
    const reload = newReload(async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay -= 1;
    });
    await Promise.all([reload.run(), reload.run(), reload.run()]);
    expect([most, results]).toEqual([1, [true, true, true]]);
  });
});
