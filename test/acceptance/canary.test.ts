import { writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { superuserOf, untilLogged } from './log-scenario.ts';
import { brownie, logLines, startService, temporaryFolder } from './service-process.ts';

/** Not one secret, but one for each way in, so that a finding says where it came from. */
const canary = (where: string): string => `canary-${where}-7f3a9c`;
const json = { 'content-type': 'application/json' };

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** @NOTE node:http, not fetch: fetch forbids some of these headers. */
const send = (url: string, method: string, headers: Record<string, string>, body?: string): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (reply) => {
      let text = JSON.stringify(reply.headers);
      reply.on('data', (chunk: Buffer) => {
        text += chunk;
      });
      reply.once('end', () => resolve({ status: reply.statusCode ?? 0, text }));
    });
    sent.once('error', reject);
    sent.end(body);
  });

test('a secret that reaches the service on any way is in no log line, metric, health body, error reply or audit row', async () => {
  await using folder = await temporaryFolder();
  const dataDirectory = join(folder.path, 'data');
  await writeFile(
    join(folder.path, '.env'),
    `METADATA_JWT_SECRET=${canary('jwt')}-Zk3vT8qLw1xR6yN0bH5cJ9dS\n`,
  );
  await using service = await startService(
    {
      METADATA_DATA_DIR: dataDirectory,
      METADATA_LOG_LEVEL: 'debug',
      METADATA_POSTGRES_ECHO: 'true',
      METADATA_REDIS_URL: `redis://:${canary('redis')}@127.0.0.1:1/0`,
      METADATA_OPERATOR_TOKEN: `${canary('operator')}-0123456789abcdef`,
    },
    folder.path,
  );
  const api = `${service.url}/api/v1`;
  const answers: Answer[] = [];
  const ask = async (...request: Parameters<typeof send>): Promise<Answer> => {
    const answer = await send(...request);
    answers.push(answer);
    return answer;
  };

  const password = canary('password');
  const account = {
    email: 'ada@example.com',
    username: 'ada',
    password,
    organization_name: 'Acme',
    team_name: 'P',
  };
  const signedUp = await send(`${api}/auth/signup`, 'POST', json, JSON.stringify(account));
  const token = /"access_token":"([^"]+)"/.exec(signedUp.text)?.[1] ?? '';
  const own = { ...json, authorization: `Bearer ${token}` };
  const me = await send(`${api}/auth/me`, 'GET', own);
  const teamId = /"team_id":"([^"]+)"/.exec(me.text)?.[1] ?? '';
  expect([signedUp.status, me.status]).toEqual([200, 200]);

  const login = JSON.stringify({ email: 'ada@example.com', password: canary('wrong') });
  await ask(`${api}/auth/login`, 'POST', json, login);
  await ask(`${api}/auth/login`, 'POST', json, JSON.stringify({ password: canary('no-email') }));
  await ask(`${api}/auth/login`, 'POST', json, `{"password": "${canary('broken-json')}`);
  await ask(`${api}/auth/signup`, 'POST', json, JSON.stringify({ ...account, username: 7 }));
  await ask(`${api}/auth/login`, 'POST', { 'content-type': canary('media-type') }, login);
  await ask(`${api}/auth/me?token=${canary('query')}`, 'GET', {});
  await ask(`${api}/auth/me`, 'GET', { authorization: `Bearer ${canary('bearer')}` });
  await ask(`${api}/auth/me`, 'GET', { authorization: `Basic ${canary('basic')}` });
  await ask(`${api}/nothing/${canary('path')}?key=${canary('lost-query')}`, 'GET', own);
  await ask(`${api}/incidents/${canary('id')}`, 'GET', own);
  await ask(
    `${api}/teams/${teamId}/incidents?cursor=${canary('cursor')}&status=${canary('status')}`,
    'GET',
    own,
  );
  await ask(`${service.url}/%zz${canary('broken-url')}`, 'GET', own);
  await ask(`${api}/auth/me`, 'GET', {
    ...own,
    cookie: `session=${canary('cookie')}`,
    'x-api-key': canary('api-key'),
    'proxy-authorization': canary('proxy'),
    'x-forwarded-for': canary('forwarded'),
    'user-agent': canary('agent'),
    referer: `http://x/?t=${canary('referer')}`,
    traceparent: canary('traceparent'),
    'if-match': canary('if-match'),
    'x-request-id': `${canary('request-id')} is not sane`,
  });

  // Errors of the database that quote a value in their message, and a row in their details.
  const superuser = await superuserOf(dataDirectory);
  const incident = (title: string): string => JSON.stringify({ title });
  const incidents = `${api}/teams/${teamId}/incidents`;
  const surprise = (body: string) =>
    superuser.query(
      `create or replace function surprise() returns trigger language plpgsql as $$begin ${body}; return new; end$$`,
    );
  await surprise('perform new.title::uuid');
  await superuser.query(
    'create trigger surprise before insert on incidents for each row execute function surprise()',
  );
  expect((await ask(incidents, 'POST', own, incident(canary('value')))).status).toBe(422);
  await surprise(`raise exception 'surprise' using errcode = 'XX000', detail = new.title, hint = new.title`);
  expect((await ask(incidents, 'POST', own, incident(canary('row')))).status).toBe(500);

  const audit = await superuser.query<{ row: string }>('select to_jsonb(a)::text as row from audit_events a');
  await superuser.end();
  for (const path of ['/metrics', '/health', '/health/detailed', '/health/ready']) {
    await ask(`${service.url}${path}`, 'GET', { authorization: `Bearer ${canary('operator-guess')}` });
  }
  await writeFile(
    join(folder.path, '.env'),
    `METADATA_JWT_SECRET=${canary('short')}\nMETADATA_DEBUG=perhaps\n`,
  );
  service.process.kill('SIGHUP');
  await untilLogged(service, /not reloaded/);
  await service.end('SIGTERM');

  const output = service.output();
  expect(logLines(output).length).toBeGreaterThan(60);
  expect(output.match(/.*canary-.*/g)).toBeNull();
  for (const { text } of answers) {
    expect(text).not.toContain('canary-');
  }
  expect(audit.rows.length).toBeGreaterThan(0);
  expect(audit.rows.map(({ row }) => row).join('\n')).not.toContain('canary-');
});

test('the password of a database that refuses it, or cannot be reached, is told to nobody', async () => {
  for (const host of ['127.0.0.1:1', 'nobody.invalid:5432']) {
    const refused = await brownie(['serve'], {
      METADATA_POSTGRES_DSN: `postgresql://brownie:${canary('dsn')}@${host}/brownie?sslpassword=${canary('ssl')}`,
      METADATA_JWT_SECRET: 'Zk3vT8qLw1xR6yN0bH5cJ9dS2fG7aKpM',
      METADATA_LOG_LEVEL: 'debug',
      METADATA_START_TIMEOUT_SECONDS: '1',
    });
    expect(refused.code).toBe(1);
    expect(logLines(refused.stderr)).toMatchObject([{ level: 'critical' }]);
    expect(refused.stdout + refused.stderr).not.toContain('canary-');
  }
});
