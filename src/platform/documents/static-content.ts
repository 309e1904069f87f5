import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isKnown } from '../http/known-tags.ts';
import { acceptedEncoding, type Encoding } from './accepted-encoding.ts';

interface Options {
  readonly type: string;
  readonly cacheControl: string;
}

/** @NOTE of brotli's eleven levels the sixth: higher ones take seconds for a few percent. */
const compressors = {
  br: (content: Buffer) =>
    promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: promisify(gzip),
} satisfies Record<Encoding, (content: Buffer) => Promise<Buffer>>;

/**
 * Answers with content that does not change while the service runs: compressed where the client takes that, 304 where it has it
 * already. Each coding is made once, when it is asked for the first time, and has an entity tag of its own (RFC 9110, 8.8.3).
 */
export function staticContent(content: Buffer, { type, cacheControl }: Options) {
  const hash = createHash('sha256').update(content).digest('base64url');
  const tags = { identity: `"${hash}"`, br: `"${hash}-br"`, gzip: `"${hash}-gzip"` } as const;
  const compressed = new Map<Encoding, Promise<Buffer>>();
  const compress = (encoding: Encoding): Promise<Buffer> => {
    const made = compressed.get(encoding) ?? compressors[encoding](content);
    compressed.set(encoding, made);
    return made;
  };
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { 'accept-encoding': accepted, 'if-none-match': known } = request.headers;
    const encoding = acceptedEncoding([accepted].flat().join(','));
    const vary = [reply.getHeader('vary') ?? [], 'Accept-Encoding'].flat().join(', ');
    reply.headers({ 'cache-control': cacheControl, etag: tags[encoding ?? 'identity'], vary });
    if (isKnown(known, Object.values(tags))) {
      return reply.code(304).send();
    }
    reply.type(type);
    return encoding === undefined
      ? reply.send(content)
      : reply.header('content-encoding', encoding).send(await compress(encoding));
  };
}
