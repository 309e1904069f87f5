import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createOwnDatabase, type OwnDatabase } from '../../../test/harness/own-database.ts';
import { currentMaintenance } from './maintenance-rows.ts';
import { EndPassedError, turnOff, turnOn } from './switch-maintenance.ts';

const orgId = randomUUID();
const ada = { actor: 'ada@db1', requestId: 'r-1' };
const order = { message: 'The database moves', until: null };

let database: OwnDatabase;
let owner: pg.Client;
let service: pg.Client;
let another: pg.Client;

beforeAll(async () => {
  database = await createOwnDatabase();
  owner = new pg.Client(database.owner);
  service = new pg.Client(database.service);
  another = new pg.Client(database.service);
  for (const client of [owner, service, another]) {
    await client.connect();
    await client.query(`select set_config('app.org_id', $1, false)`, [orgId]);
  }
  await service.query(`insert into organizations (id, name, slug) values ($1, 'Acme', 'acme')`, [orgId]);
});
afterAll(async () => {
  await Promise.all([owner, service, another].map((client) => client.end()));
  await database[Symbol.asyncDispose]();
});
beforeEach(() => owner.query('truncate operator_events'));
afterEach(() => turnOff(owner, ada));

const rename = (client: pg.Client, name: string) =>
  client.query('update organizations set name = $1 where id = $2', [name, orgId]);
const secondsFromNow = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();

describe('while it is on', () => {
  test('the service’s role changes nothing in any way, and reads', async () => {
    await turnOn(service, order, ada);
    for (const statement of [
      `insert into teams (org_id, id, name, slug) values ('${orgId}', '${randomUUID()}', 'Ops', 'ops')`,
      `update organizations set name = 'x'`,
      `delete from team_memberships`,
      `insert into audit_events select * from audit_events where false`,
    ]) {
      await expect(service.query(statement)).rejects.toMatchObject({
        code: 'MT503',
        message: 'The database moves',
        detail: '',
      });
    }
    expect((await service.query('select name from organizations')).rows).toEqual([{ name: 'Acme' }]);
  });

  test('the refusal says how many seconds are left', async () => {
    await turnOn(service, { ...order, until: secondsFromNow(90) }, ada);
    const refusal = await rename(service, 'x').catch((error: pg.DatabaseError) => error.detail);
    expect(Number(refusal)).toSatisfy((seconds) => seconds > 80 && seconds <= 91);
  });

  test('the owner of the tables goes on working: maintenance is for that', async () => {
    await turnOn(owner, order, ada);
    expect((await rename(owner, 'Acme')).rowCount).toBe(1);
  });

  test('it ends when its time has come', async () => {
    await turnOn(owner, { ...order, until: secondsFromNow(1) }, ada);
    await expect(rename(service, 'x')).rejects.toMatchObject({ code: 'MT503' });
    const renamed = async () => (await rename(service, 'Acme').catch(() => undefined))?.rowCount;
    await expect.poll(renamed).toBe(1);
    expect(await currentMaintenance(service)).toBeUndefined();
  });
});

describe('turning it on', () => {
  test('waits for a write that began before, and lets it finish', async () => {
    await another.query('begin');
    await rename(another, 'Acme the second');
    let isDone = false;
    const turning = turnOn(service, order, ada).finally(() => {
      isDone = true;
    });
    await expect.poll(() => currentMaintenance(owner)).toMatchObject({ message: 'The database moves' });
    await rename(another, 'Acme the third');
    expect(isDone).toBe(false);
    await another.query('commit');
    expect(await turning).toMatchObject({ isQuiet: true });
    expect((await owner.query('select name from organizations')).rows).toEqual([{ name: 'Acme the third' }]);
  });

  test('does not wait for ever, and says that a write is still under way', async () => {
    await another.query('begin');
    await rename(another, 'Acme');
    expect(await turnOn(service, order, ada)).toMatchObject({ isQuiet: false });
    await expect(rename(service, 'x')).rejects.toMatchObject({ code: 'MT503' });
    await another.query('rollback');
  });

  test('again changes message and end, and keeps the beginning', async () => {
    const { maintenance: first } = await turnOn(owner, order, ada);
    const until = secondsFromNow(60);
    const { maintenance } = await turnOn(
      service,
      { message: 'It takes longer', until },
      { actor: 'bob@db1' },
    );
    expect(maintenance).toMatchObject({
      message: 'It takes longer',
      until,
      startedAt: first.startedAt,
      startedBy: 'ada@db1',
    });
  });

  test('again as it is leaves no trace, however its end is written', async () => {
    const until = secondsFromNow(60);
    const { maintenance: first } = await turnOn(owner, { ...order, until }, ada);
    const spelled = until.replace('Z', '+00:00');
    const again = await turnOn(service, { ...order, until: spelled }, { actor: 'bob@db1' });
    expect(again).toMatchObject({ isQuiet: true, maintenance: { until, startedAt: first.startedAt } });
    const { rows } = await owner.query('select action, actor from operator_events');
    expect(rows).toEqual([{ action: 'maintenance.started', actor: 'ada@db1' }]);
  });

  test('with an end that has passed changes nothing', async () => {
    await expect(turnOn(owner, { ...order, until: secondsFromNow(-60) }, ada)).rejects.toThrow(
      EndPassedError,
    );
    expect((await owner.query('select from maintenance')).rowCount).toBe(0);
    expect((await owner.query('select from operator_events')).rowCount).toBe(0);
  });

  test('after one that ended by itself begins anew', async () => {
    await owner.query(
      `insert into maintenance (message, until, started_at, started_by)
       values ('old', now() - interval '1 day', now() - interval '2 days', 'bob@db1')`,
    );
    const { maintenance } = await turnOn(owner, order, ada);
    expect(maintenance.startedBy).toBe('ada@db1');
  });
});

test('who did what is kept, and nobody but the owner can change that', async () => {
  await turnOn(service, order, ada);
  await turnOn(service, { ...order, message: 'It takes longer' }, ada);
  await turnOff(service, ada);
  await turnOff(service, ada);
  const { rows } = await service.query(
    'select actor, action, request_id, details from operator_events order by id',
  );
  expect(rows).toMatchObject([
    { actor: 'ada@db1', action: 'maintenance.started', request_id: 'r-1', details: order },
    { actor: 'ada@db1', action: 'maintenance.changed', details: { message: 'It takes longer' } },
    { actor: 'ada@db1', action: 'maintenance.ended', details: { message: 'It takes longer' } },
  ]);
  for (const statement of ['delete from operator_events', `update operator_events set actor = 'nobody'`]) {
    await expect(service.query(statement)).rejects.toMatchObject({ code: '42501' });
  }
});
