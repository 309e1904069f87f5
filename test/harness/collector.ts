import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A span as a collector gets it (OTLP/JSON), its attributes as a plain record. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  /** 2 SERVER, 3 CLIENT. */
  readonly kind: number;
  /** 2 is ERROR. */
  readonly status: { readonly code: number; readonly message?: string };
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly { readonly name: string }[];
  /** Of the process that made it. */
  readonly resource: Readonly<Record<string, unknown>>;
}

/** An OpenTelemetry collector that keeps what it gets. */
export interface Collector extends AsyncDisposable {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string;
  readonly spans: readonly ReceivedSpan[];
  /** Everything that arrived, headers aside, as it came over the wire. */
  readonly wire: () => string;
  /** The headers of the last request. */
  readonly headers: () => IncomingMessage['headers'];
  /** How many batches were refused. */
  readonly refused: () => number;
  /** What becomes of the next batches: taken, refused with a 500, or left without an answer. */
  mode: 'take' | 'refuse' | 'freeze';
}

interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}
type Wire = Omit<ReceivedSpan, 'attributes' | 'resource'> & { readonly attributes: readonly KeyValue[] };
interface Batch {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeSpans: readonly { readonly spans: readonly Wire[] }[];
  }[];
}

const record = (pairs: readonly KeyValue[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(pairs.map(({ key, value }) => [key, Object.values(value)[0]]));

/** Starts a collector on a free port. */
export async function startCollector(): Promise<Collector> {
  const spans: ReceivedSpan[] = [];
  let [wire, refused] = ['', 0];
  let headers: IncomingMessage['headers'] = {};

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    headers = request.headers;
    if (collector.mode === 'freeze') {
      return;
    }
    if (collector.mode === 'refuse' || request.url !== '/v1/traces') {
      refused += 1;
      response.writeHead(500).end();
      return;
    }
    wire += body;
    for (const { resource, scopeSpans } of (JSON.parse(body) as Batch).resourceSpans) {
      for (const span of scopeSpans.flatMap((scope) => scope.spans)) {
        spans.push({ ...span, attributes: record(span.attributes), resource: record(resource.attributes) });
      }
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => response.destroy(error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const collector: Collector = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    wire: () => wire,
    headers: () => headers,
    refused: () => refused,
    mode: 'take',
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return collector;
}
