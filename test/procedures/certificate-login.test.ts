import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTlsDatabase, type TlsDatabase } from '../../src/drills/harness/mutual-tls.ts';
import { type Issued, issueAuthority, issueLeaf } from '../../src/operations/certificates/issue.ts';
import { brownie, temporaryFolder } from '../acceptance/service-process.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let database: TlsDatabase;
let authority: Issued;
let dsn: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  database = await startTlsDatabase(folder.path);
  dsn = database.variables['METADATA_POSTGRES_DSN'] ?? '';
  const read = (name: string) => readFile(join(database.certificates, name), 'utf8');
  authority = { certificate: await read('ca.crt'), key: await read('ca.key') };
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

interface Shown {
  readonly login: { readonly outcome: string; readonly words: string };
  readonly findings: readonly { readonly is_fault: boolean; readonly words: string }[];
}

/** What `certs status` says of a DSN: to a person, and to a program. */
async function status(changedDsn: string) {
  const variables = { ...database.variables, METADATA_POSTGRES_DSN: changedDsn };
  const options = ['--directory', database.certificates];
  const text = await brownie(['certs', 'status', ...options], variables);
  const json = await brownie(['certs', 'status', '--json', ...options], variables);
  expect([json.code, json.stderr]).toEqual([text.code, '']);
  return { code: text.code, text: text.stdout, json: JSON.parse(json.stdout) as Shown };
}

/** The DSN with a client certificate of its own. */
async function withClient(name: string, { certificate, key }: Issued): Promise<string> {
  const own = join(folder.path, name);
  await mkdir(own);
  await writeFile(join(own, 'client.crt'), certificate);
  await writeFile(join(own, 'client.key'), key, { mode: 0o600 });
  return dsn.replaceAll(`${database.certificates}/client`, `${own}/client`);
}

const client = { purpose: 'client' as const, names: [], days: 90 };

describe('certs status', () => {
  test('says that the server lets the service in', async () => {
    const { code, text, json } = await status(dsn);
    expect([code, json.findings]).toEqual([0, []]);
    expect(json.login.outcome).toBe('accepted');
    expect(text).toMatch(/^login +The server at 127\.0\.0\.1 lets brownie_service in$/m);
  });

  test('says that the server refuses the name in the client certificate', async () => {
    const nobody = await issueLeaf({ ...client, authority, commonName: 'nobody' });
    const { code, text, json } = await status(await withClient('nobody', nobody));
    expect([code, json.login.outcome]).toEqual([1, 'refused']);
    expect(json.findings).toEqual([{ is_fault: true, words: json.login.words }]);
    expect(text).toMatch(
      /^! The server .* not that of the role.*certificate authentication failed.*pg_ident/m,
    );
    expect(text).not.toMatch(/^login/m);
  });

  test('says that the server does not trust who signed the client certificate', async () => {
    const stranger = await issueLeaf({
      ...client,
      authority: await issueAuthority(),
      commonName: 'brownie_service',
    });
    const { code, text, json } = await status(await withClient('stranger', stranger));
    expect([code, json.login.outcome]).toEqual([1, 'refused']);
    expect(text).toMatch(
      /^! The server .* does not trust the authority .*unknown ca\)\. Next: bring ca\.crt/m,
    );
  });

  test('says that the service does not trust who signed the certificate of the server', async () => {
    const other = join(folder.path, 'other-ca.crt');
    await writeFile(other, (await issueAuthority()).certificate);
    const { code, text, json } = await status(dsn.replace(/sslrootcert=[^&]+/, `sslrootcert=${other}`));
    expect([code, json.login.outcome]).toEqual([1, 'refused']);
    expect(text).toMatch(/^! The server .* signed by no authority that sslrootcert holds/m);
  });

  test('says that no certificate was shown to a server that wants one', async () => {
    const { code, text } = await status(dsn.replace(/&sslcert=.*/, ''));
    expect(code).toBe(1);
    expect(text).toMatch(/^! The server .* asks for a client certificate.* Next: name it by sslcert/m);
  });

  test('says that the files cannot be used, without asking anybody', async () => {
    const { code, json } = await status(dsn.replace('client.key', 'server.key'));
    expect([code, json.login.outcome]).toEqual([1, 'unknown']);
    expect(json.login.words).toContain('the key does not belong to the certificate');
  });

  test('takes another fault of the login for none of certificates', async () => {
    const { code, text, json } = await status(dsn.replace('/brownie?', '/nowhere?'));
    expect([code, json.login.outcome]).toEqual([3, 'unknown']);
    expect(text).toMatch(/^- The server .*"nowhere" does not exist.* Next: brownie doctor/m);
  });

  describe('of a server that is away', () => {
    let port: number;
    beforeEach(async () => {
      const probe = createServer();
      await new Promise<void>((resolve) => {
        probe.listen(0, '127.0.0.1', resolve);
      });
      port = (probe.address() as { port: number }).port;
      await new Promise((resolve) => {
        probe.close(resolve);
      });
    });

    test('says so, and finds no fault', async () => {
      const { code, text, json } = await status(dsn.replace(/:\d+\//, `:${port}/`));
      expect([code, json.login.outcome]).toEqual([3, 'unknown']);
      expect(json.findings.map(({ is_fault: isFault }) => isFault)).toEqual([false]);
      expect(text).toMatch(/^- The server at .* could not be asked: .*ECONNREFUSED/m);
    });
  });
});
