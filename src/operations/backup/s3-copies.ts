import { createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { OperationError } from '../../platform/errors/operation-error.ts';
import { uploadParts } from './s3-parts.ts';
import { draftName } from './store/index.ts';

/** A place of S3. Credentials and region come from where the AWS SDK looks for them. */
export interface S3Place {
  /** `s3://bucket/prefix` */
  readonly url: string;
  /** Of a storage that is not AWS. */
  readonly endpoint?: string | undefined;
}

/**
 * Copies a backup, file by file with its checksum, `SHA256SUMS` last: a copy without it is none. Answers where it is.
 * @NOTE nothing is ever removed there. Let the bucket's lifecycle rules do so, and give the machine no right to: whoever
 * breaks into it must not reach the copies.
 * @param onePieceMax in bytes; what is larger is sent in parts of that size. S3 takes 5 GB in one piece, and 10,000 parts.
 */
export async function uploadFolder(
  folder: string,
  place: S3Place,
  { onePieceMax = 64 * 1024 * 1024 } = {},
): Promise<string> {
  const { client, bucket, prefix } = connect(place);
  const name = basename(folder);
  try {
    for (const file of (await readdir(folder)).toSorted(sumsLast)) {
      const path = join(folder, file);
      const { size } = await stat(path);
      const target = { Bucket: bucket, Key: `${prefix}${name}/${file}` };
      if (size > onePieceMax) {
        await uploadParts(client, target, path, onePieceMax);
      } else {
        // @NOTE read, not streamed: only so can it be sent again where the network fails.
        const Body = await readFile(path);
        await client.send(new PutObjectCommand({ ...target, Body, ChecksumAlgorithm: 'SHA256' }));
      }
    }
  } catch (error) {
    throw explain(error, `The backup is in ${folder}, but could not be copied to ${place.url}`);
  } finally {
    client.destroy();
  }
  return `${place.url}/${name}`;
}

/** The names of the whole backups there, the newest first. */
export async function listUploads(place: S3Place): Promise<string[]> {
  const { client, bucket, prefix } = connect(place);
  const names: string[] = [];
  try {
    for (let token: string | undefined, isFirst = true; isFirst || token !== undefined; isFirst = false) {
      const page = await client.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: `${prefix}backup_`, ContinuationToken: token }),
      );
      token = page.NextContinuationToken;
      names.push(...(page.Contents ?? []).flatMap(({ Key = '' }) => wholeBackup(Key.slice(prefix.length))));
    }
  } catch (error) {
    throw explain(error, `${place.url} cannot be listed`);
  } finally {
    client.destroy();
  }
  return names.toSorted().toReversed();
}

/** Brings a backup back into a folder of backups. Throws OperationError where it is not whole. */
export async function fetchBackup(name: string, directory: string, place: S3Place): Promise<string> {
  const { client, bucket, prefix } = connect(place);
  const draft = join(directory, draftName(name));
  await mkdir(draft, { recursive: true, mode: 0o700 });
  try {
    const page = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: `${prefix}${name}/` }));
    const keys = (page.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [Key]));
    if (!keys.some((key) => key.endsWith('/SHA256SUMS'))) {
      throw new OperationError(`There is no whole backup "${name}" in ${place.url}`);
    }
    for (const Key of keys) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
      const file = createWriteStream(join(draft, basename(Key)), { flags: 'wx', mode: 0o600, flush: true });
      await pipeline(Body as Readable, file);
    }
    await rename(draft, join(directory, name));
    return join(directory, name);
  } catch (error) {
    throw explain(error, `${name} could not be fetched from ${place.url}`);
  } finally {
    await rm(draft, { recursive: true, force: true });
    client.destroy();
  }
}

function connect({ url, endpoint }: S3Place) {
  const { host: bucket, pathname } = new URL(url);
  const prefix = pathname.replace(/^\//, '');
  const client = new S3Client(
    // @NOTE storages that are not AWS rarely have a host name for each bucket, nor a region.
    endpoint === undefined ? {} : { endpoint, forcePathStyle: true, region: 'us-east-1' },
  );
  return { client, bucket, prefix: prefix === '' ? '' : `${prefix}/` };
}

const sumsLast = (a: string, b: string): number =>
  Number(a === 'SHA256SUMS') - Number(b === 'SHA256SUMS') || a.localeCompare(b);

function wholeBackup(key: string): string[] {
  const [, name] = /^(backup_\d{8}_\d{6})\/SHA256SUMS$/.exec(key) ?? [];
  return name === undefined ? [] : [name];
}

function explain(error: unknown, what: string): Error {
  if (error instanceof OperationError) {
    return error;
  }
  const { name, message } = error as Error;
  return new OperationError(`${what}: ${name === 'Error' ? '' : `${name}: `}${message}`, { cause: error });
}
