import { open } from 'node:fs/promises';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';

/**
 * Sends a file in parts, one after the other, each with its checksum. Where one fails, the parts are given up, so that
 * nobody pays for them.
 * @param partSize in bytes; S3 wants 5 MiB at least, and at most 10,000 parts
 */
export async function uploadParts(
  client: S3Client,
  target: { readonly Bucket: string; readonly Key: string },
  path: string,
  partSize: number,
): Promise<void> {
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({ ...target, ChecksumAlgorithm: 'SHA256' }),
  );
  try {
    const parts: CompletedPart[] = [];
    await using file = await open(path, 'r');
    const buffer = Buffer.alloc(partSize);
    for (let position = 0; ; ) {
      const { bytesRead } = await file.read(buffer, 0, partSize, position);
      if (bytesRead === 0) {
        break;
      }
      position += bytesRead;
      const PartNumber = parts.length + 1;
      const { ETag, ChecksumSHA256 } = await client.send(
        new UploadPartCommand({
          ...target,
          UploadId,
          PartNumber,
          Body: buffer.subarray(0, bytesRead),
          ChecksumAlgorithm: 'SHA256',
        }),
      );
      parts.push({ PartNumber, ETag, ChecksumSHA256 });
    }
    await client.send(
      new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts: parts } }),
    );
  } catch (error) {
    await client.send(new AbortMultipartUploadCommand({ ...target, UploadId })).catch(() => undefined);
    throw error;
  }
}
