import type pg from 'pg';

/** The rows of a database of its own as they were at a moment, whichever tables there are: what was done since can be undone. */
export class Snapshot {
  readonly #superuser: pg.Pool;

  private constructor(superuser: pg.Pool) {
    this.#superuser = superuser;
  }

  static async take(superuser: pg.Pool): Promise<Snapshot> {
    await superuser.query(`
      create schema kept;
      create function kept.restore() returns void language plpgsql set session_replication_role = replica as $$
      declare t record;
      begin
        for t in select relname, columns from kept.tables loop
          execute format('delete from public.%1$I a where a::text not in (select k::text from kept.%1$I k)', t.relname);
          execute format('insert into public.%1$I (%2$s) overriding system value select %2$s from kept.%1$I k
            where k::text not in (select a::text from public.%1$I a)', t.relname, t.columns);
        end loop;
      end $$;
      create table kept.tables as
        select c.relname, (select string_agg(quote_ident(a.attname), ', ') from pg_attribute a
                           where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns
        from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
          and c.relname <> 'brownie_migrations';
      do $$ declare t record; begin
        for t in select relname from kept.tables loop
          execute format('create unlogged table kept.%1$I as table public.%1$I', t.relname);
        end loop;
      end $$`);
    return new Snapshot(superuser);
  }

  /** @NOTE what the service does by itself may be at work in the same rows: one of the two waits, or begins again. */
  async restore(triesLeft = 5): Promise<void> {
    try {
      await this.#superuser.query('select kept.restore()');
    } catch (error) {
      const isDeadlock = error instanceof Error && 'code' in error && error.code === '40P01';
      if (!isDeadlock || triesLeft === 0) {
        throw error;
      }
      await this.restore(triesLeft - 1);
    }
  }
}
