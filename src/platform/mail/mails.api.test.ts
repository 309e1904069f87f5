import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp, testSecret } from '../../../test/harness/app.ts';
import { type MailServer, startMailServer } from '../../../test/harness/mail-server.ts';
import { createOwnDatabase, type OwnDatabase } from '../../../test/harness/own-database.ts';
import { newTenant, type Tenant } from '../../../test/harness/tenant.ts';
import { Database } from '../database/database.ts';
import { createPool } from '../database/pool.ts';
import { MailOutbox, takeDueMails } from './mail-outbox.ts';
import { MailSeal } from './mail-seal.ts';
import { type MailEvent, MailSender } from './mail-sender.ts';
import { createMailTransport } from './mail-transport.ts';

let app: TestApp;
let server: MailServer;
let tenant: Tenant;
/** @NOTE senders take the mails of all tenants, those of other tests too. */
let database: OwnDatabase;
let superuser: pg.Pool;
let pool: pg.Pool;
let db: Database;
const outbox = new MailOutbox(new MailSeal([testSecret]));

beforeAll(async () => {
  database = await createOwnDatabase();
  superuser = new pg.Pool({ connectionString: database.superuser, max: 2 });
  pool = createPool({
    dsn: database.service,
    sizeMin: 0,
    sizeMax: 10,
    acquireTimeoutMs: 10_000,
    recycleSeconds: 3_600,
    statementTimeoutMs: 20_000,
    lockTimeoutMs: 10_000,
    idleInTransactionTimeoutMs: 20_000,
    queryTimeoutMs: 25_000,
    onIdleError: () => undefined,
  });
  db = new Database({ pool });
  app = await startApp({ pool });
  server = await startMailServer({
    onRcptTo({ address }, _session, answer) {
      const status = address.startsWith('nobody') ? 550 : address.startsWith('later') ? 451 : undefined;
      answer(status === undefined ? null : Object.assign(new Error('not now'), { responseCode: status }));
    },
  });
  tenant = await newTenant(app);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
  await Promise.all([pool.end(), superuser.end()]);
  await database[Symbol.asyncDispose]();
});

const addressOf = (who: string): string => `${who}-${randomUUID().slice(0, 8)}@example.com`;
const put = (to: string, lifetimeSeconds = 600): Promise<void> =>
  db.transaction({ orgId: tenant.orgId }, async (tx) =>
    outbox.put(tx, tenant.orgId, {
      kind: 'invitation',
      to,
      subject: 'Grüße',
      text: `Hello ${to}\nÄ line\n`,
      lifetimeSeconds,
    }),
  );
const waiting = async (): Promise<Record<string, unknown>[]> =>
  (await superuser.query('select * from mails where org_id = $1 order by created_at', [tenant.orgId])).rows;
const isDueNow = () => superuser.query('update mails set due_at = now() where org_id = $1', [tenant.orgId]);

/** An instance of its own, and what it did. */
function startSender(port = server.port) {
  const events: MailEvent[] = [];
  const sender = new MailSender({
    db,
    outbox,
    transport: createMailTransport({
      host: '127.0.0.1',
      port,
      tls: 'none',
      login: undefined,
      from: 'Brownie <brownie@example.com>',
    }),
    onMail: (event) => events.push(event),
    onError: (error) => {
      throw error;
    },
    everyMs: 20,
  });
  return { events, [Symbol.asyncDispose]: () => sender[Symbol.asyncDispose]() };
}

test('of several instances one sends a mail, which is sealed until then and gone after it', async () => {
  const addresses = Array.from({ length: 12 }, () => addressOf('ada'));
  await Promise.all(addresses.map((address) => put(address)));
  const rows = await waiting();
  expect(rows).toHaveLength(12);
  expect(JSON.stringify(rows)).not.toMatch(/@example|Hello/);
  {
    await using _first = startSender();
    await using _second = startSender();
    await Promise.all(addresses.map((address) => server.mailTo(address)));
  }
  expect(await waiting()).toEqual([]);
  const mails = server.received.filter(({ to }) => addresses.includes(to[0] ?? ''));
  expect(mails).toHaveLength(12);
  const [mail] = mails;
  expect(mail).toMatchObject({ from: 'brownie@example.com', text: expect.stringContaining('Ä line') });
  expect(mail?.source).toMatch(/^Auto-Submitted: auto-generated\r$/m);
  expect(mail?.source).toMatch(/^Message-ID: <[0-9a-f-]{36}@example.com>\r$/m);
});

test('a mail whose sender was killed over it is sent by another, a minute later', async () => {
  const address = addressOf('grace');
  await put(address);
  const [taken] = await takeDueMails(db, 5);
  expect([taken?.attempts, await takeDueMails(db, 5)]).toEqual([1, []]);
  const [row] = (
    await superuser.query('select due_at - now() as left from mails where org_id = $1', [tenant.orgId])
  ).rows;
  expect(row.left).toMatchObject({ seconds: expect.any(Number) });
  await isDueNow();
  await using _sender = startSender();
  await server.mailTo(address);
});

test('what fails is tried again, later each time, and what has no mailbox is not', async () => {
  const [later, nobody] = [addressOf('later'), addressOf('nobody')];
  await put(nobody);
  await put(later);
  await using sender = startSender();
  await expect
    .poll(() => sender.events.map(({ result }) => result).toSorted())
    .toEqual(['failed', 'refused']);
  expect(JSON.stringify(sender.events)).not.toContain('@');
  await expect.poll(waiting).toMatchObject([{ attempts: 1 }]);
  await isDueNow();
  await expect.poll(async () => (await waiting())[0]?.['attempts']).toBe(2);
  await superuser.query('delete from mails where org_id = $1', [tenant.orgId]);
});

test('a mail server that is not there costs no mail; what expires is counted, and not sent', async () => {
  const [kept, late] = [addressOf('kept'), addressOf('late')];
  await put(kept);
  await put(late, -1);
  {
    await using away = startSender(1);
    await expect
      .poll(() => away.events.map(({ result }) => result).toSorted())
      .toEqual(['expired', 'failed']);
  }
  await isDueNow();
  await using _sender = startSender();
  await server.mailTo(kept);
  expect(server.received.filter(({ to }) => to.includes(late))).toEqual([]);
});

test('where TLS is asked for, nothing is sent without it, nor to a certificate that nobody vouches for', async () => {
  await using selfSigned = await startMailServer({ disabledCommands: [] });
  const before = server.received.length;
  for (const { port } of [server, selfSigned]) {
    const transport = createMailTransport({
      host: '127.0.0.1',
      port,
      tls: 'starttls',
      login: undefined,
      from: 'brownie@example.com',
    });
    const mail = { to: addressOf('ada'), subject: 'A token', text: 'secret' };
    expect(await transport.send(mail, randomUUID())).toMatchObject({ result: 'failed' });
    await expect(transport.verify()).rejects.toThrow(/^E[A-Z]+/);
  }
  expect([server.received.length - before, selfSigned.received.length]).toEqual([0, 0]);
});

test('no tenant sees a mail, be it its own', async () => {
  await put(addressOf('own'));
  const seen = await db.transaction({ orgId: tenant.orgId }, (tx) =>
    tx.run({ text: 'select from mails', values: [] }),
  );
  expect(seen).toBe(0);
  await superuser.query('delete from mails where org_id = $1', [tenant.orgId]);
});
