/** What came with a value. */
export interface ReplyInfo {
  readonly status: number;
  readonly headers: Headers;
}

const infos = new WeakMap<object, ReplyInfo>();

/** Status and headers of the reply that a value came in; undefined for a value that no call answered with. */
export const replyOf = (value: object): ReplyInfo | undefined => infos.get(value);

/** Answers the value, and keeps what came with it for `replyOf`. */
export function withInfo<T>(value: T, { status, headers }: ReplyInfo): T {
  if (typeof value === 'object' && value !== null) {
    infos.set(value, { status, headers });
  }
  return value;
}
