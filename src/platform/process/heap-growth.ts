import { setFlagsFromString } from 'node:v8';

const flag = '--heap-growing-percent';

/**
 * Lets V8 collect what was left behind as soon as the heap has grown by `percent` beyond what is in use, unless Node.js was started with
 * another share. @NOTE V8's own choice lets it grow to several times of that, and keeps what it took. At run time, for a Node.js that
 * knows no such flag says so and goes on; given on the command line, it would not start.
 */
export function growHeapBy(percent: number, flags: readonly string[] = process.execArgv): void {
  if (!flags.some((each) => each.replaceAll('_', '-').startsWith(flag))) {
    setFlagsFromString(`${flag}=${percent}`);
  }
}
