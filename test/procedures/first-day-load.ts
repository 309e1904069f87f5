import { once } from 'node:events';
import { startLoad, summarize } from '../../src/drills/harness/load.ts';
import { signUp } from '../../src/drills/harness/tenant.ts';
import { writeOf } from '../../src/drills/harness/write-log.ts';

/*
 * Run as a program on a machine of its own: signs up at the first of the instances named, and creates incidents at all of them until
 * its standard input ends. Each line of its output is a write that was acknowledged; times are those of the clock, in ms.
 */
const urls = process.argv.slice(2);
const onClock = (time: number): number => performance.timeOrigin + time;
const tenant = await signUp(urls[0] ?? '');
const load = await startLoad({
  urls,
  tenant,
  workers: urls.length,
  methods: ['POST'],
  // @NOTE all of it is one caller, who may ask ten times a second.
  pauseMs: 350,
  onResult: (result) => {
    const write = writeOf(result);
    if (write !== undefined) {
      const { id, sentAt, acknowledgedAt } = write;
      const line = { id, sentAt: onClock(sentAt), acknowledgedAt: onClock(acknowledgedAt) };
      process.stdout.write(`${JSON.stringify(line)}\n`);
    }
  },
});
process.stdin.resume();
await once(process.stdin, 'end');
await load.stop();
process.stderr.write(`${summarize(load.failures)}\n`);
