/** A page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next_cursor: string | null;
}

interface PagedInput {
  readonly query?: { readonly cursor?: string };
}

type List<Input, P> = (input: Input) => Promise<P>;

/** The pages of a list, each asked for when the one before it was used up. */
export async function* pages<Input extends PagedInput, P extends Page<unknown>>(
  list: List<Input, P>,
  input: Input,
): AsyncGenerator<P, void> {
  let next: string | null | undefined = input.query?.cursor;
  do {
    const page: P = await list({
      ...input,
      query: { ...input.query, ...(next != null && { cursor: next }) },
    });
    yield page;
    next = page.next_cursor;
  } while (next !== null);
}

/** Every item of a list, each once: `for await (const incident of items(brownie.listIncidents, { path: { team_id } }))`. */
export async function* items<Input extends PagedInput, Item>(
  list: List<Input, Page<Item>>,
  input: Input,
): AsyncGenerator<Item, void> {
  for await (const page of pages(list, input)) {
    yield* page.items;
  }
}
