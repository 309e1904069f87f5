import { Type } from 'typebox';
import { exactly } from '../../platform/schemas/common-schemas.ts';

// @NOTE terse: a model reads all of them before it does anything. The operations say what is wrong with a value.
export const id = (description?: string) =>
  Type.String({ format: 'uuid', ...(description === undefined ? {} : { description }) });
export const status = Type.Enum(['open', 'in_progress', 'resolved', 'closed', 'cancelled']);
export const priority = Type.Enum(['low', 'medium', 'high', 'critical']);
export const text = (maxLength: number, description?: string) =>
  Type.String({ maxLength, ...(description === undefined ? {} : { description }) });
export const tags = Type.Array(Type.String(), { maxItems: 50 });
export const instant = (description?: string) =>
  Type.String({ format: 'date-time', ...(description === undefined ? {} : { description }) });
export const page = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50 })),
  cursor: Type.Optional(text(2_000, 'next_cursor of the page before')),
};
export const optional = Type.Optional;
export const input = exactly;

const object = { type: 'object' } as const;
/** Every answer is an object: older clients refuse lists. */
export const anObject = { type: 'object', properties: {}, additionalProperties: true } as const;
export const aPage = {
  type: 'object',
  properties: { items: { type: 'array', items: object }, next_cursor: { type: ['string', 'null'] } },
  required: ['items', 'next_cursor'],
} as const;
export const anIncident = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'string' },
    version: { type: 'integer' },
  },
  required: ['id', 'title', 'status', 'version'],
} as const;
