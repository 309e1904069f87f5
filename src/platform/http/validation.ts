import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { FastifyRouteSchemaDef, FastifySchema } from 'fastify/types/schema.js';
import { ApiError, type Fault, invalid } from '../errors/api-error.ts';
import { instantRule, isInstant } from './instant-format.ts';

const faultsMax = 20;
/** @NOTE the package's own takes `urn:uuid:…` too, which PostgreSQL does not. */
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const prefixes: Readonly<Record<string, string>> = {
  querystring: '/query',
  params: '/path',
  headers: '/headers',
};

/** The message of a fault, in words for a person. */
function messageOf(error: ErrorObject): string {
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'additionalProperties':
      return 'is not a field of this request';
    case 'required':
      return 'is required';
    case 'enum':
      return `must be one of ${(params['allowedValues'] as readonly unknown[]).join(', ')}`;
    case 'format':
      return params['format'] === 'date-time' ? instantRule : `must be a valid ${String(params['format'])}`;
    case 'type':
      return `must be ${[params['type']].flat().join(' or ')}`;
    default:
      return error.message ?? 'is not valid';
  }
}

function toFault(prefix: string, error: ErrorObject): Fault {
  const params = error.params as Record<string, unknown>;
  const field = params['additionalProperty'] ?? params['missingProperty'];
  const name = typeof field === 'string' ? `/${field.replaceAll('~', '~0').replaceAll('/', '~1')}` : '';
  return { pointer: `${prefix}${error.instancePath}${name}`, message: messageOf(error) };
}

/** The 422 that names every field at fault (at most 20 of them). */
function toError(part: string, errors: readonly ErrorObject[]): ApiError {
  const faults = errors.slice(0, faultsMax).map((error) => toFault(prefixes[part] ?? '', error));
  const [first] = faults;
  const where = first === undefined || first.pointer === '' ? 'The body' : first.pointer;
  return new ApiError('request.invalid', { detail: `${where} ${first?.message ?? 'is not valid'}`, faults });
}

/** The 422 for a parameter that PostgreSQL cannot take. In bodies the parser has found it already. */
function unstorable(part: string, value: unknown): ApiError | undefined {
  const [name] =
    Object.entries(value ?? {}).find(([, each]) =>
      [each].flat().some((text) => typeof text === 'string' && text.includes('\0')),
    ) ?? [];
  return part === 'body' || name === undefined
    ? undefined
    : invalid(`${prefixes[part] ?? ''}/${name}`, 'contains the character U+0000');
}

/** More than any text of a pattern or a format may be long. */
const matchedLengthMax = 1_024;

/**
 * Patterns as schemas have them, tried on no longer text than any of them is for. @NOTE every fault of a body is told, so a text that is
 * too long meets its pattern all the same, and a pattern may take the square of its length.
 */
class BoundedRegExp extends RegExp {
  override test(text: string): boolean {
    return text.length <= matchedLengthMax && super.test(text);
  }
}

// @NOTE ajv keeps what is made of a pattern under its own text, so it has to be a RegExp by its toString().
const boundedRegExp = Object.assign((pattern: string, flags: string) => new BoundedRegExp(pattern, flags), {
  code: 'boundedRegExp',
});

/**
 * Compiles the validators of routes. Bodies are taken as they are; query parameters and path parameters, which are
 * text, are turned into the numbers, booleans and lists that the schema asks for, and those that are left out into their
 * defaults. @NOTE not so fields of bodies: who sends one may not be allowed to, and a PUT leaves alone what it does not name.
 */
export function createValidatorCompiler() {
  const options = {
    allErrors: true,
    code: { regExp: boundedRegExp },
    // @NOTE the schemas are ours, and the document that they make is held to the standard in test/contract: to compile what
    // JSON Schema says of itself takes longer than all of them.
    meta: false,
    validateSchema: false,
    strict: true,
    strictTypes: false,
    verbose: false,
  } as const;
  const strict = new Ajv(options);
  const coercing = new Ajv({ ...options, coerceTypes: 'array', useDefaults: true });
  for (const ajv of [strict, coercing]) {
    addFormats.default(ajv);
    ajv.addFormat('date-time', (text: string) => text.length <= 64 && isInstant(text));
    ajv.addFormat('uuid', uuid);
  }
  return ({ schema, httpPart = '' }: FastifyRouteSchemaDef<FastifySchema>) => {
    // @NOTE compiled when the first request comes: a start need not wait for all of them. A test compiles each.
    let compiled: ValidateFunction | undefined;
    return (value: unknown) => {
      compiled ??= (httpPart === 'body' ? strict : coercing).compile(schema);
      const validate = compiled;
      const error = validate(value) ? unstorable(httpPart, value) : toError(httpPart, validate.errors ?? []);
      return error === undefined ? { value } : { error };
    };
  };
}
