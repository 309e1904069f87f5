/**
 * A little service for the tests, run as a process of its own: `node service-process.fixture.ts start|lock FOLDER`.
 * Says each step in one line of JSON; ends on SIGINT, or when its input ends.
 */
import { once } from 'node:events';
import { Client } from 'pg';
import { lockDirectory, startEmbeddedPostgres } from './index.ts';

const [job, directory = ''] = process.argv.slice(2);
const say = (step: object) => process.stdout.write(`${JSON.stringify(step)}\n`);
const interrupted = Promise.race([once(process, 'SIGINT'), once(process.stdin.resume(), 'end')]);

try {
  if (job === 'lock') {
    await using lock = await lockDirectory(directory);
    say({ step: 'locked', directory: lock.directory });
    await interrupted;
  } else {
    await using server = await startEmbeddedPostgres({
      directory,
      onLog: (message) => say({ step: 'log', message }),
    });
    say({ step: 'ready', superuserDsn: server.superuserDsn, ownerDsn: server.ownerDsn });
    await interrupted;
    const client = new Client(server.serviceDsn);
    await client.connect();
    await client.query('SELECT 1');
    await client.end();
    say({ step: 'alive after the signal' });
  }
  say({ step: 'stopped' });
  process.stdin.destroy();
} catch (error) {
  const { name, message } = error instanceof Error ? error : { name: 'unknown', message: String(error) };
  say({ step: 'failed', name, message });
  process.stdin.destroy();
  process.exitCode = 1;
}
