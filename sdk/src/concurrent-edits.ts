import { hasCode } from './errors.ts';
import { replyOf } from './reply-info.ts';

/** The `ETag` that a value came with, for `ifMatch`. Throws a TypeError for a value that came with none. */
export function etagOf(value: object): string {
  const tag = replyOf(value)?.headers.get('etag');
  if (tag == null) {
    throw new TypeError('This came with no ETag: give what a call answered with, not a copy');
  }
  return tag;
}

/**
 * Reads, then writes what was made of it, on the condition that nobody else has written meanwhile; where somebody has, both again.
 * Rejects with the last `precondition.stale` after `attempts` of them.
 */
export async function edit<Current extends object, Result>(
  read: () => Promise<Current>,
  write: (current: Current, ifMatch: string) => Promise<Result>,
  attempts = 5,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    const current = await read();
    try {
      return await write(current, etagOf(current));
    } catch (error) {
      if (attempt >= attempts || !hasCode(error, 'precondition.stale')) {
        throw error;
      }
    }
  }
}
