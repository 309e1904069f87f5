export { createBrownie } from './client.ts';
export { edit, etagOf } from './concurrent-edits.ts';
export {
  BrownieError,
  type ErrorDetails,
  hasCode,
  type KnownCode,
  type Problem,
  type TransportCode,
} from './errors.ts';
export type { Brownie, Input, OperationId, Output, Schemas } from './operation-types.ts';
export type { CallOptions, ClientOptions, RetryPolicy } from './options.ts';
export { items, type Page, pages } from './paging.ts';
export { type ReplyInfo, replyOf } from './reply-info.ts';
