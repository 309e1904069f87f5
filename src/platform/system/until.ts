import { setTimeout as delay } from 'node:timers/promises';

/** Asks again and again until the answer is yes; false when the time is over. */
export async function until(
  question: () => boolean | Promise<boolean>,
  { timeoutMs, everyMs = 10 }: { readonly timeoutMs: number; readonly everyMs?: number },
): Promise<boolean> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    if (await question()) {
      return true;
    }
    if (performance.now() >= end) {
      return false;
    }
    await delay(everyMs);
  }
}
