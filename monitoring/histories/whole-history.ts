/** Who is told over the whole of a history by all rules together: what the cases of single alerts cannot show. */
export interface WholeHistory {
  /** Series, and their values as promtool writes them, one a minute. Of production unless they say otherwise. */
  readonly series: Readonly<Record<string, string>>;
  /**
   * What pages, from a minute to a minute, both included; between such phases nobody looks. `DatabaseDown`, `DatabaseDown level 2`,
   * `APIDown in staging`.
   */
  readonly pages: readonly (readonly [from: number, to: number, ...pages: readonly string[]])[];
  /** Budget alerts that are a ticket at a minute. */
  readonly tickets?: { readonly at: number; readonly names: readonly string[] };
}
