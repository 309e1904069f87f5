import { isDeepStrictEqual } from 'node:util';

/** Fields that are shown otherwise than they were sent, and why. */
const otherwise: Readonly<Record<string, string>> = {
  config: 'secrets in it are masked',
  triggers: 'secrets in it are masked',
  conditions: 'secrets in it are masked',
  config_metadata: 'secrets in it are masked',
  is_verified: 'nobody verifies another',
  schemas: 'SCIM says by it what the reply is, and what the request was',
};

/** Fields of one operation that are shown otherwise, and why: `operation.field`. */
const otherwiseThere: Readonly<Record<string, string>> = {
  'setOrganizationRole.role': 'the user is shown with the role in their team, not in the organization',
};

/** Addresses, which keep one spelling. */
const ofOneCase = ['email'];
/** Lists of which it does not count what comes first, and that are kept in an order of their own. */
const sets = ['scopes', 'team_ids', 'address_ranges'];

const isInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;
const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The fields of a reply that are not as they were sent. */
export function changedOnTheWay(operationId: string, sent: unknown, replied: unknown): readonly string[] {
  // @NOTE under an idempotency_key that was used before, the answer is the incident that it was used for.
  if (!isFields(sent) || !isFields(replied) || typeof sent['idempotency_key'] === 'string') {
    return [];
  }
  return Object.entries(sent)
    .filter(([name]) => Object.hasOwn(replied, name) && otherwise[name] === undefined)
    .filter(([name]) => otherwiseThere[`${operationId}.${name}`] === undefined)
    .filter(([name, value]) => !isSame(name, value, replied[name]))
    .map(
      ([name, value]) =>
        `${name} was sent as ${JSON.stringify(value)} and is ${JSON.stringify(replied[name])}`,
    );
}

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isSame(name: string, sent: unknown, replied: unknown): boolean {
  if (typeof sent === 'string' && typeof replied === 'string') {
    return (
      sent === replied ||
      ((ofOneCase.includes(name) || isId.test(sent)) && sent.toLowerCase() === replied) ||
      (isInstant.test(sent) && Date.parse(sent) === Date.parse(replied))
    );
  }
  if (sets.includes(name) && Array.isArray(sent) && Array.isArray(replied)) {
    return isDeepStrictEqual(sent.map(inOneCase).toSorted(), replied.toSorted());
  }
  return isDeepStrictEqual(JSON.parse(JSON.stringify(sent)), replied);
}

const inOneCase = (value: unknown): unknown =>
  typeof value === 'string' && isId.test(value) ? value.toLowerCase() : value;
