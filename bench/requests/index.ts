import { measureAll } from './measure-all.ts';
import { readOptions } from './options.ts';
import { openStage } from './stage.ts';
import { startFloor, startService } from './subjects.ts';
import { table } from './table.ts';

/** `npm run bench [-- options]`: the service beside what it could be at best, in one run. */
export async function measureService(args: readonly string[]): Promise<void> {
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  const options = readOptions(args);
  await using stage = await openStage();
  await using resources = new AsyncDisposableStack();
  say(`making ${options.incidents} incidents`);
  const service = await startService('service', options, stage, resources);
  const subjects = {
    service,
    http: await startFloor('http', '', stage, resources),
    fastify: await startFloor('fastify', service.dsns.superuser, stage, resources),
  };
  await measureAll(
    options,
    { stage, service, subjects },
    {
      onNote: say,
      onResults: (connections, results) => say(`\n${connections} connections\n${table(results)}`),
    },
  );
}
