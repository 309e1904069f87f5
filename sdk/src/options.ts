/** How a call is made; all of it is optional. */
export interface CallOptions {
  /** Ends the call, also while it waits to try again. */
  readonly signal?: AbortSignal;
  /** For each attempt, in milliseconds. */
  readonly timeoutMs?: number;
  /** Name of this call, for one that outlives the process; by default one is made for each call that takes one. */
  readonly idempotencyKey?: string;
  /** The `ETag` that the resource must still have. */
  readonly ifMatch?: string;
  /** The `ETag` of what is known already: where it still holds, the call rejects with `client.not_modified`. */
  readonly ifNoneMatch?: string;
  /** Further headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RetryPolicy {
  /** How often a call is tried again, at most; default 4. */
  readonly retries: number;
  /** Bound of the first wait; each further one doubles. Default 250. */
  readonly baseMs: number;
  /** Bound of every wait. Where the service asks for more, the call fails at once. Default 30,000. */
  readonly maxMs: number;
}

export interface ClientOptions {
  /** Where the service is, without `/api/v1`: `https://metadata.example.com`. */
  readonly baseUrl: string;
  /** An API key or an access token; a function is asked before each attempt. Without one, only what is public can be called. */
  readonly token?: string | (() => string | Promise<string>);
  /** For each attempt, in milliseconds; default 30,000. */
  readonly timeoutMs?: number;
  readonly retry?: Partial<RetryPolicy>;
  /** Headers of every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** In place of the global one. */
  readonly fetch?: typeof fetch;
  /** In place of `JSON.parse` and `JSON.stringify`: for numbers that JavaScript cannot hold, which the service keeps as they are. */
  readonly parse?: (text: string) => unknown;
  readonly stringify?: (value: unknown) => string;
}
