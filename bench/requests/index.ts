import { join } from 'node:path';
import { besideEarlier } from './catalogue.ts';
import { describeMachine } from './machine.ts';
import { measureAll } from './measure-all.ts';
import { open } from './open.ts';
import { readOptions } from './options.ts';
import { type Report, withoutEarlier } from './report.ts';
import { openStage } from './stage.ts';
import { table } from './table.ts';
import { writeDocuments, writeResults } from './write-documents.ts';

/** `npm run bench [-- options]`: the service beside what it could be at best, in one run. */
export async function measureService(args: readonly string[]): Promise<void> {
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  const options = readOptions(args);
  await using resources = new AsyncDisposableStack();
  const stage = resources.use(await openStage());
  say(`making ${options.incidents} incidents`);
  const setting = await open(options, stage, resources);
  const rows = options.earlier === undefined ? options.rows : besideEarlier(options.rows);
  const results = await measureAll({ ...options, rows }, setting, {
    onNote: say,
    onResults: (connections, some) => say(`\n${connections} connections\n${table(some)}`),
  });
  const { incidents, connections, rounds, seconds } = options;
  const report: Report = {
    measuredOn: new Date().toISOString().slice(0, 10),
    machine: await describeMachine(setting.service.dsns.service),
    settings: { incidents, connections, rounds, seconds },
    idleResidentBytes: setting.service.idleResidentBytes,
    results,
  };
  if (options.json !== undefined) {
    await writeResults(report, options.json);
  }
  if (options.writesDocuments) {
    await writeDocuments(withoutEarlier(report), join(import.meta.dirname, '../../docs'));
  }
}
