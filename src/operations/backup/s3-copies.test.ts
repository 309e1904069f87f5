import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fetchBackup, listUploads, uploadFolder } from './s3-copies.ts';
import { checksumFaults, sealFolder } from './store/checksums.ts';

const name = 'backup_20251024_120000';
let root: string;
let server: Server;
/** What a storage that speaks S3 was given, by path. */
let objects: Map<string, Buffer>;
let order: string[];
let partCount: number;

beforeEach(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'canary');
  root = await mkdtemp(join(tmpdir(), 'brownie-s3-'));
  await mkdir(join(root, 'made', name), { recursive: true });
  await writeFile(join(root, 'made', name, 'database.dump'), 'rows'.repeat(10_000));
  await writeFile(join(root, 'made', name, 'manifest.json'), '{}');
  await sealFolder(join(root, 'made', name));
  [objects, order] = [new Map(), []];
  server = storage();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(root, { recursive: true });
});

/** Puts, gets, lists, and takes parts; refuses an object that is not what its checksum says. */
function storage(): Server {
  return createServer(async (request, reply) => {
    const url = new URL(request.url ?? '/', 'http://storage');
    const query = url.searchParams;
    const given = Buffer.concat(await Array.fromAsync(request));
    const key = decodeURIComponent(url.pathname.replace('/acme-backups/', ''));
    const xml = (text: string): unknown => reply.setHeader('content-type', 'application/xml').end(text);
    if (request.method === 'PUT') {
      const { body, sum } = request.headers['content-encoding']?.includes('aws-chunked')
        ? unchunked(given)
        : { body: given, sum: request.headers['x-amz-checksum-sha256'] };
      if (key.startsWith('denied/') || sum !== createHash('sha256').update(body).digest('base64')) {
        reply.statusCode = 403;
        xml('<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>');
        return;
      }
      const part = query.get('partNumber');
      objects.set(part === null ? key : `${key}#${part}`, body);
      order.push(key);
      reply.end();
    } else if (query.has('uploads')) {
      xml('<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>');
    } else if (request.method === 'POST') {
      const numbers = [...given.toString().matchAll(/<PartNumber>(\d+)</g)].map(([, number]) => number);
      const parts = numbers.flatMap((number) => objects.get(`${key}#${number}`) ?? []);
      objects.set(key, Buffer.concat(parts));
      partCount = parts.length;
      xml('<CompleteMultipartUploadResult/>');
    } else if (query.get('list-type') === '2') {
      const keys = [...objects.keys()].filter(
        (each) => each.startsWith(query.get('prefix') ?? '') && !each.includes('#'),
      );
      xml(
        `<ListBucketResult><IsTruncated>false</IsTruncated>${keys.map((each) => `<Contents><Key>${each}</Key></Contents>`).join('')}</ListBucketResult>`,
      );
    } else {
      reply.end(objects.get(key));
    }
  });
}

/** `aws-chunked`: each piece with its length in hex before it, the checksum in a trailer. */
function unchunked(given: Buffer): { body: Buffer; sum: string | undefined } {
  const pieces: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = given.indexOf('\r\n', at);
    const length = Number.parseInt(given.subarray(at, lineEnd).toString(), 16);
    const start = lineEnd + 2;
    if (length === 0) {
      const [, sum] = /x-amz-checksum-sha256:(\S+)/.exec(given.subarray(start).toString()) ?? [];
      return { body: Buffer.concat(pieces), sum };
    }
    pieces.push(given.subarray(start, start + length));
    at = start + length + 2;
  }
}

const place = (prefix = 'brownie') => {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return { url: `s3://acme-backups/${prefix}`, endpoint: `http://127.0.0.1:${port}` };
};

test('a backup is copied with its checksums last, and comes back as it was', async () => {
  expect(await uploadFolder(join(root, 'made', name), place())).toBe(`s3://acme-backups/brownie/${name}`);
  expect(order.at(-1)).toBe(`brownie/${name}/SHA256SUMS`);
  expect(await listUploads(place())).toEqual([name]);

  const fetched = await fetchBackup(name, join(root, 'fetched'), place());
  expect(await checksumFaults(fetched)).toEqual([]);
  expect(await readFile(join(fetched, 'database.dump'), 'utf8')).toBe('rows'.repeat(10_000));
  expect(await readdir(join(root, 'fetched'))).toEqual([name]);
});

test('a large file goes in parts, and comes back as it was', async () => {
  await uploadFolder(join(root, 'made', name), place(), { onePieceMax: 15_000 });
  expect(partCount).toBe(3);
  expect(await checksumFaults(await fetchBackup(name, join(root, 'fetched'), place()))).toEqual([]);
});

test('a copy without its checksums is none', async () => {
  objects.set(`brownie/${name}/database.dump`, Buffer.from('half'));
  expect(await listUploads(place())).toEqual([]);
  await expect(fetchBackup(name, join(root, 'fetched'), place())).rejects.toThrow('no whole backup');
  expect(await readdir(join(root, 'fetched'))).toEqual([]);
});

test('a storage that refuses is quoted, the key is not, and the backup is still there', async () => {
  const refused = uploadFolder(join(root, 'made', name), place('denied'));
  await expect(refused).rejects.toThrow(/could not be copied.*Access ?Denied/);
  await expect(refused).rejects.not.toThrow('canary');
  expect(await checksumFaults(join(root, 'made', name))).toEqual([]);
});
