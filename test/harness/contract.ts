import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { lineMediaType } from '../../src/platform/http/line-stream.ts';
import { prefixOf, type Route } from '../../src/platform/http/route.ts';
import { apiDocument } from '../../src/service/api-document.ts';
import type { Reply } from './client.ts';

export interface Contract {
  /** Throws where a reply is not one that the OpenAPI document describes: status, media type, headers, body. */
  check(method: string, path: string, reply: Reply): void;
}

interface DocumentedReply {
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
  readonly headers?: Readonly<Record<string, unknown>>;
}

/** Headers that say nothing of the operation: of HTTP itself, and those that every reply carries for browsers. */
const ofEveryReply =
  /^(?:connection|keep-alive|date|content-length|content-type|transfer-encoding|vary|cache-control|content-security-policy|cross-origin-resource-policy|referrer-policy|x-content-type-options|access-control-.*)$/;

const contracts = new Map<string, Contract>();

/** The document as its reader sees it, with a validator that is not the server's. Apps with the same routes share it. */
export function contractOf(routes: readonly Route[]): Contract {
  const key = JSON.stringify(routes);
  const contract = contracts.get(key) ?? createContract(routes);
  contracts.set(key, contract);
  return contract;
}

function createContract(routes: readonly Route[]): Contract {
  const document = apiDocument(routes);
  // @NOTE whether the document itself is valid is looked at once, in openapi.test.ts: here each of a hundred apps would.
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false });
  addFormats.default(ajv);
  ajv.addSchema(document, 'document');
  const validators = new Map<string, ValidateFunction>();
  const operations = routes.map((route) => ({
    method: route.method,
    pattern: new RegExp(`^${route.dialect?.prefix ?? ''}${route.url.replace(/:\w+/g, '[^/]+')}$`),
    template: `${prefixOf(route)}${route.url.replace(/:(\w+)/g, '{$1}')}`,
  }));

  return {
    check(method, path, { status, headers, body }) {
      const [pathname = ''] = path.split('?');
      const operation = operations.find((each) => each.method === method && each.pattern.test(pathname));
      if (headers.get('x-request-id') === null) {
        throw new Error(`${method} ${path} answered without X-Request-ID`);
      }
      if (operation === undefined) {
        return;
      }
      const where = `${method} ${operation.template} ${status}`;
      const { responses } = (
        document.paths[operation.template] as unknown as Record<
          string,
          { responses: Record<string, DocumentedReply> }
        >
      )[method.toLowerCase()] ?? { responses: {} };
      const documented = responses[String(status)];
      if (documented === undefined) {
        throw new Error(`${where} is not in the OpenAPI document: ${JSON.stringify(body)}`);
      }
      const mediaType = headers.get('content-type')?.split(';')[0] ?? '';
      const isEmpty = documented.content === undefined && mediaType === '' && body === undefined;
      if (!isEmpty && documented.content?.[mediaType] === undefined) {
        throw new Error(`${where}: the media type ${mediaType} is not documented`);
      }
      const names = Object.keys(documented.headers ?? {}).map((name) => name.toLowerCase());
      for (const header of headers.keys()) {
        if (!names.includes(header) && !ofEveryReply.test(header)) {
          throw new Error(`${where}: the header ${header} is not documented`);
        }
      }
      if (isEmpty) {
        return;
      }
      const pointer = [
        'paths',
        operation.template,
        method.toLowerCase(),
        'responses',
        String(status),
        'content',
        mediaType,
        'schema',
      ]
        .map((step) => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1')))
        .join('/');
      const validate = validators.get(pointer) ?? ajv.compile({ $ref: `document#/${pointer}` });
      validators.set(pointer, validate);
      // @NOTE of a stream of lines each is what the document describes.
      for (const each of mediaType === lineMediaType ? ((body ?? []) as unknown[]) : [body]) {
        if (!validate(each)) {
          throw new Error(`${where} differs from the OpenAPI document: ${ajv.errorsText(validate.errors)}`);
        }
      }
    },
  };
}
