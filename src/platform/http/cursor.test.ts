import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sql } from '../database/sql.ts';
import { Cursors, listName, newestFirst, type Page, paginate } from './cursor.ts';

const cursors = new Cursors(['a secret of the unit tests']);
const position = { at: '2026-01-31T23:59:59.999Z', id: '01890a5d-ac96-774b-bcce-b302099a8057' };
const list = listName('incidents', { teamId: 't-1' });
const refusal = expect.objectContaining({
  code: 'request.invalid',
  status: 422,
  faults: [{ pointer: '/query/cursor', message: 'is not a cursor of this list; start again without it' }],
});

describe('a cursor', () => {
  test('says where its page ended, whatever the position', () => {
    const at = fc
      .date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString());
    const id = fc.oneof(fc.uuid(), fc.integer({ min: 1, max: 2_147_483_647 }).map(String));
    fc.assert(
      fc.property(at, id, (time, tieBreaker) => {
        const end = { at: time, id: tieBreaker };
        expect(cursors.decode(list, cursors.encode(list, end))).toEqual(end);
      }),
    );
  });

  test('needs no escaping in a URL', () => {
    expect(cursors.encode(list, position)).toMatch(/^[\w-]+$/);
  });

  test('is refused in 1,000 mutations', () => {
    const cursor = cursors.encode(list, position);
    const letters = [...'ABCXYZabcxyz0189-_=+/. ~\n%é'];
    const mutated = fc
      .tuple(
        fc.nat(cursor.length - 1),
        fc.constantFrom('replace', 'insert', 'remove', 'cut', 'append'),
        fc.constantFrom(...letters),
      )
      .map(([index, how, letter]) => {
        const [before, after] = [cursor.slice(0, index), cursor.slice(index + 1)];
        const results = {
          replace: `${before}${letter}${after}`,
          insert: `${before}${letter}${cursor[index]}${after}`,
          remove: `${before}${after}`,
          cut: before,
          append: `${cursor}${letter}`,
        };
        return results[how];
      })
      .filter((text) => text !== cursor);
    fc.assert(
      fc.property(mutated, (text) => {
        expect(() => cursors.decode(list, text)).toThrow(refusal);
      }),
      { numRuns: 1_000 },
    );
  });

  test('is refused where it is no cursor at all', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => cursors.decode(list, text)).toThrow(refusal);
      }),
    );
  });

  test('works for the list that gave it and for no other', () => {
    const cursor = cursors.encode(list, position);
    for (const other of [
      listName('incidents', { teamId: 't-2' }),
      listName('incidents', { teamId: 't-1', status: 'open' }),
      listName('stats', { teamId: 't-1' }),
    ]) {
      expect(() => cursors.decode(other, cursor)).toThrow(refusal);
    }
  });

  test('of another secret is refused, of an earlier secret taken', () => {
    const cursor = cursors.encode(list, position);
    expect(() => new Cursors(['another secret']).decode(list, cursor)).toThrow(refusal);
    expect(new Cursors(['a new secret', 'a secret of the unit tests']).decode(list, cursor)).toEqual(
      position,
    );
  });
});

describe('the name of a list', () => {
  test('is the same however its filters are ordered, and whatever the page', () => {
    const name = listName('stats', { teamId: 't-1', unit: 'ms', limit: 5, cursor: 'x', since: undefined });
    expect(name).toBe(listName('stats', { unit: 'ms', teamId: 't-1', limit: 100 }));
  });

  test('is another one for other filters', () => {
    const names = [{}, { a: 'b' }, { a: 'c' }, { b: 'a' }, { a: true }, { a: 'true' }].map((of) =>
      listName('x', of),
    );
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('a page', () => {
  const rows = Array.from({ length: 5 }, (_, index) => ({
    at: `2026-01-0${5 - index}T00:00:00.000Z`,
    id: `01890a5d-ac96-774b-bcce-b302099a805${index}`,
  }));
  const read = async (query: { limit?: number; cursor?: string }) => {
    const asked: { text: string; values: readonly unknown[] }[] = [];
    const page: Page<unknown> = await paginate({
      cursors,
      list,
      query,
      key: newestFirst,
      positionOf: (row) => row as (typeof rows)[number],
      fetch: async (rest) => {
        asked.push(rest);
        return rows.slice(0, Number(rest.values.at(-1)));
      },
    });
    return { page, asked: asked[0] };
  };

  test('asks for one row more than it gives, to know whether there are more', async () => {
    const { page, asked } = await read({ limit: 3 });
    expect(asked).toMatchObject({ text: ' order by created_at desc, id desc limit $1', values: [4] });
    expect(page).toMatchObject({ items: rows.slice(0, 3), has_more: true });
    expect(cursors.decode(list, page.next_cursor ?? '')).toEqual(rows[2]);
  });

  test('has 20 rows where no limit is given', async () => {
    expect((await read({})).asked?.values).toEqual([21]);
  });

  test('goes on after the row that the cursor names, by time and then id', async () => {
    const { asked } = await read({ limit: 2, cursor: cursors.encode(list, position) });
    expect(asked).toMatchObject({
      text: 'and (created_at, id) < ($1::timestamptz, $2::uuid) order by created_at desc, id desc limit $3',
      values: [position.at, position.id, 3],
    });
  });

  test('that is sorted the other way goes on after the later ones', async () => {
    const asked: string[] = [];
    await paginate({
      cursors,
      list,
      query: { limit: 2, cursor: cursors.encode(list, position) },
      key: { ...newestFirst, ascending: true },
      positionOf: () => position,
      fetch: async (rest, orderAndLimit) => {
        asked.push(rest.text, orderAndLimit.text);
        return [];
      },
    });
    expect(asked).toEqual([
      'and (created_at, id) > ($1::timestamptz, $2::uuid) order by created_at asc, id asc limit $3',
      'order by created_at asc, id asc limit $1',
    ]);
  });

  test('that is the last has no cursor', async () => {
    for (const limit of [5, 6, 100]) {
      const { page } = await read({ limit });
      expect(page).toEqual({ items: rows, next_cursor: null, has_more: false });
    }
  });

  test('of an empty list has no cursor', async () => {
    const page = await paginate({
      cursors,
      list,
      query: {},
      key: { ...newestFirst, id: sql`version`, idType: sql`integer` },
      positionOf: () => position,
      fetch: async () => [],
    });
    expect(page).toEqual({ items: [], next_cursor: null, has_more: false });
  });
});
