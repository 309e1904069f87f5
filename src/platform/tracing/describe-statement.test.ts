import { describe, expect, it } from 'vitest';
import { createStatementDescriber, describeStatement } from './describe-statement.ts';

describe('describeStatement', () => {
  it.each([
    ['select id from incidents where id = $1', 'SELECT incidents'],
    ['select 1 from "teams" t', 'SELECT teams'],
    ['insert into users (a) values ($1) on conflict (a) do update set a = excluded.a', 'INSERT users'],
    ['update incidents set a = $1', 'UPDATE incidents'],
    ['update incidents as i set a = $1', 'UPDATE incidents'],
    ['delete from stats where id = $1', 'DELETE stats'],
    ['select id from incidents where id = $1 for update', 'SELECT incidents'],
    ['with old as (select * from teams) select count(*) from old', 'SELECT teams'],
    ['with old as (select * from teams for update) update teams set a = 1 from old', 'UPDATE teams'],
    ['select x from json_each($1) x join teams on true', 'SELECT'],
    ['begin', 'BEGIN'],
    ['  commit', 'COMMIT'],
    ["select set_config('app.org_id', $1, true)", 'SELECT'],
    ['', 'UNKNOWN'],
  ])('%s', (text, summary) => {
    expect(describeStatement(text).summary).toBe(summary);
    expect(summary.split(' ')[0]).toBe(describeStatement(text).operation);
  });

  it('remembers what it has seen, to a limit, and says the same past it', () => {
    const describeOnce = createStatementDescriber();
    const first = describeOnce('select 0 from teams');
    for (let index = 1; index <= 1_000; index += 1) {
      expect(describeOnce(`select ${index} from teams`).summary).toBe('SELECT teams');
    }
    expect(describeOnce('select 0 from teams')).toBe(first);
    expect(describeOnce('select 1000 from teams')).not.toBe(describeOnce('select 1000 from teams'));
  });
});
