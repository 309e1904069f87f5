import fastJsonStringify, { type Schema } from 'fast-json-stringify';
import type { FastifyRouteSchemaDef } from 'fastify/types/schema.js';

/** Fastify's own serializers, each compiled when the first reply of its route leaves: a start need not wait for all of them. */
export function compileSerializer({ schema }: FastifyRouteSchemaDef<unknown>): (value: unknown) => string {
  let compiled: ((value: unknown) => string) | undefined;
  return (value) => {
    compiled ??= fastJsonStringify(schema as Schema);
    return compiled(value);
  };
}
