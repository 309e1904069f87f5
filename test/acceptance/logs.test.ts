import { beforeAll, describe, expect, test } from 'vitest';
import { type LogScenario, linesOfRequest, preload, runLogScenario, untilLogged } from './log-scenario.ts';
import { ownDatabase } from './own-database.ts';
import { logLines, startService, temporaryFolder } from './service-process.ts';

const levels = ['debug', 'info', 'warning', 'error', 'critical'];

/** Every line has what every line must have. */
function expectLogForm(output: string): void {
  for (const line of logLines(output)) {
    expect(line).toMatchObject({
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      logger: expect.stringMatching(/^brownie/),
      message: expect.any(String),
    });
    expect(levels).toContain(line['level']);
  }
}

describe('a run with warnings, failures, an abort, two reloads and a crash', () => {
  let run: LogScenario;
  const lines = () => logLines(run.output);
  const accessLine = (requestId: string) =>
    linesOfRequest(run.output, requestId).filter(({ logger }) => logger === 'brownie.access');

  beforeAll(async () => {
    run = await runLogScenario();
  });

  test('is JSON from its first line to its last, on both streams', () => {
    expectLogForm(run.output);
  });

  test('tells of a warning of Node.js', () => {
    const warnings = lines().filter(({ message }) => message === 'Warning: canary-free warning');
    expect(warnings).toMatchObject([{ level: 'warning', logger: 'brownie.process' }]);
  });

  test('tells of a failed request what failed, in a line with its id, and once that it was served', () => {
    const [failure] = linesOfRequest(run.output, 'trace-failed');
    expect(failure).toMatchObject({ level: 'error', error: { cause: { code: '42501' } } });
    expect(accessLine('trace-failed')).toMatchObject([{ level: 'error', status_code: 500, method: 'GET' }]);
  });

  test('leads from a request to its lines in the log of PostgreSQL', () => {
    expect(run.postgresLog).toMatch(
      / brownie\/trace-failed \[\d+\] ERROR: {2}permission denied for table users/,
    );
    expect(run.postgresLog).not.toContain('brownie/trace-ok');
  });

  test('tells of an aborted request once, with every field', () => {
    expect(accessLine('trace-aborted')).toEqual([
      {
        timestamp: expect.any(String),
        level: 'warning',
        logger: 'brownie.access',
        message: 'request aborted by the client',
        request_id: 'trace-aborted',
        user_id: run.userId,
        endpoint: '/api/v1/teams/:team_id/incidents',
        method: 'POST',
        status_code: 499,
        duration_ms: expect.any(Number),
        client_address: '127.0.0.1',
      },
    ]);
  });

  test('takes on another level while it runs', () => {
    expect(accessLine('trace-ok')).toHaveLength(1);
    expect(accessLine('trace-quiet')).toEqual([]);
    expect(accessLine('trace-loud')).toHaveLength(1);
    const reloads = lines().filter(({ changed }) => changed !== undefined);
    const name = 'METADATA_LOG_LEVEL';
    expect(reloads).toMatchObject([
      { level: 'info', changed: [{ name, from: 'INFO', to: 'ERROR' }] },
      { level: 'info', changed: [{ name, from: 'ERROR', to: 'DEBUG' }] },
    ]);
  });

  test('says why a faulty configuration is not taken on', () => {
    const [refusal] = lines().filter(({ message }) => String(message).includes('not reloaded'));
    expect(refusal).toMatchObject({ level: 'error', message: expect.stringContaining('"everything"') });
  });

  test('ends with the error that nothing caught, once, and with its exit code', () => {
    expect(run.end).toEqual({ code: 1, signal: null });
    const critical = lines().filter(({ level }) => level === 'critical');
    expect(critical).toMatchObject([
      { error: { message: 'nobody catches me', stack: expect.stringContaining('at ') } },
    ]);
    expect(lines().at(-1)).toEqual(critical[0]);
  });
});

describe('the end of the service', () => {
  test('for want of memory is told by V8 in one line, and by its signal', async () => {
    await using database = await ownDatabase({ isMigrated: true });
    const leak =
      "process.on('SIGQUIT', () => { const kept = []; for (;;) kept.push(Array.from({ length: 1e5 }, (_, i) => ({ i }))); });";
    await using service = await startService({
      ...database.variables,
      NODE_OPTIONS: `--max-old-space-size=160 ${preload(leak)}`,
    });
    const end = await service.end('SIGQUIT');
    expect(end).toEqual({ code: null, signal: 'SIGABRT' });
    expectLogForm(service.output());
    const critical = logLines(service.output()).filter(({ level }) => level === 'critical');
    expect(critical.map(({ message }) => message)).toEqual([
      expect.stringMatching(/FATAL ERROR: .*heap out of memory/s),
      'the service was ended by SIGABRT',
    ]);
  });

  test('by kill -9 of the process that does the work is told, and passed on', async () => {
    await using database = await ownDatabase({ isMigrated: true });
    await using service = await startService({
      ...database.variables,
      NODE_OPTIONS: preload("process.on('SIGQUIT', () => process.kill(process.pid, 'SIGKILL'));"),
    });
    expect(await service.end('SIGQUIT')).toEqual({ code: null, signal: 'SIGKILL' });
    expectLogForm(service.output());
    expect(logLines(service.output()).at(-1)).toMatchObject({
      level: 'critical',
      message: 'the service was ended by SIGKILL',
    });
  });

  test('follows kill -9 of the process that was started', async () => {
    await using database = await ownDatabase({ isMigrated: true });
    await using service = await startService(database.variables);
    await service.end('SIGKILL');
    await untilLogged(service, /the parent process is gone/);
    await expect
      .poll(() => fetch(`${service.url}/health/live`).catch(({ cause }) => cause.code))
      .toBe('ECONNREFUSED');
    expectLogForm(service.output());
  });

  test('of a start that is refused is one critical line', async () => {
    await using folder = await temporaryFolder();
    const refused = startService({ METADATA_DATA_DIR: folder.path, METADATA_PORT: 'eighty' });
    const { message } = await refused.then(
      () => ({ message: '' }),
      (error: Error) => error,
    );
    const [line, ...more] = logLines(message.slice(message.indexOf('{')));
    expect(more).toEqual([]);
    expect(line).toMatchObject({
      level: 'critical',
      message: expect.stringContaining('METADATA_PORT: "eighty"'),
    });
  });
});
