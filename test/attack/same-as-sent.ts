import { isDeepStrictEqual } from 'node:util';

/** Fields that are shown otherwise than they were sent, and why. */
const otherwise: Readonly<Record<string, string>> = {
  config: 'secrets in it are masked',
  triggers: 'secrets in it are masked',
  conditions: 'secrets in it are masked',
  config_metadata: 'secrets in it are masked',
  is_verified: 'nobody verifies another',
  role: 'a user is shown with the role in their team, whichever was set',
  email: 'an invitation keeps one spelling',
};

const isInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

/** The fields of a reply that are not as they were sent. */
export function changedOnTheWay(sent: unknown, replied: unknown): readonly string[] {
  // @NOTE under an idempotency_key that was used before, the answer is the incident that it was used for.
  if (!isFields(sent) || !isFields(replied) || typeof sent['idempotency_key'] === 'string') {
    return [];
  }
  return Object.entries(sent)
    .filter(([name]) => Object.hasOwn(replied, name) && otherwise[name] === undefined)
    .filter(([name, value]) => !isSame(value, replied[name]))
    .map(
      ([name, value]) =>
        `${name} was sent as ${JSON.stringify(value)} and is ${JSON.stringify(replied[name])}`,
    );
}

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isSame(sent: unknown, replied: unknown): boolean {
  if (typeof sent === 'string' && typeof replied === 'string') {
    return (
      sent === replied ||
      sent.toLowerCase() === replied ||
      (isInstant.test(sent) && Date.parse(sent) === Date.parse(replied))
    );
  }
  if (Array.isArray(sent) && Array.isArray(replied)) {
    return isDeepStrictEqual(sent.toSorted(), replied.toSorted());
  }
  return isDeepStrictEqual(JSON.parse(JSON.stringify(sent)), replied);
}
