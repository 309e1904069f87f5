import { hidePasswordsInUrls, masked } from '../../platform/audit/mask.ts';
import { invalid } from '../../platform/errors/api-error.ts';

/**
 * The name of a field that holds a secret: its last noun is one. @NOTE narrower than what the audit trail masks: programs act on what they
 * read here, and `max_tokens`, `token_url` or `secret_name` are no secrets.
 */
const secretName =
  /(passw(or)?d|passphrase|secret|token|authorization|credential|dsn|cookie|(api|private|access|secret|signing|encryption)[_-]?key)s?([_-]?(value|pem|base64|old|new|v?\d+))?$/i;
/** `max_tokens`, `tokens`: a number of them. */
const countName = /tokens$/i;

/** The members of a configuration that are data of its owners. */
export const dataFields = ['config', 'triggers', 'conditions', 'config_metadata'] as const;
type Data = Partial<Record<(typeof dataFields)[number], unknown>>;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSecretField = (name: string, value: unknown): boolean =>
  secretName.test(name) && !(typeof value === 'number' && countName.test(name));

/** A string or number as it is shown. Nothing is hidden of what is empty: that no secret is set shows. */
function shownLeaf(value: string | number, isSecret: boolean): string | number {
  if (isSecret) {
    return value === '' ? value : masked;
  }
  return typeof value === 'string' ? hidePasswordsInUrls(value) : value;
}

function shownValue(value: unknown, isSecret: boolean): unknown {
  if (Array.isArray(value)) {
    return value.map((each) => shownValue(each, isSecret));
  }
  if (isObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [
        name,
        shownValue(inner, isSecret || isSecretField(name, inner)),
      ]),
    );
  }
  return typeof value === 'string' || typeof value === 'number' ? shownLeaf(value, isSecret) : value;
}

/** A copy of what a configuration says in which the values of secret fields, and passwords in URLs, are masked, at any depth. */
export function withoutSecrets<Content extends Data>(content: Content): Content {
  const shown = dataFields
    .filter((name) => content[name] !== undefined)
    .map((name) => [name, shownValue(content[name], false)]);
  return { ...content, ...Object.fromEntries(shown) };
}

/**
 * What is sent, with the stored secret wherever its mask stands: who writes back what they read changes no secret. An item of a list is the
 * stored one that looks like it, else the one in its place where the list is as long as before. Throws 422 with a pointer where a mask
 * stands for nothing that is stored.
 */
export function withStoredSecrets<Content extends Data>(sent: Content, stored: Data = {}): Content {
  const kept = dataFields
    .filter((name) => JSON.stringify(sent[name])?.includes(masked))
    .map((name) => [name, keptValue(sent[name], stored[name], false, `/body/${name}`)]);
  return { ...sent, ...Object.fromEntries(kept) };
}

function keptValue(sent: unknown, stored: unknown, isSecret: boolean, pointer: string): unknown {
  if (Array.isArray(sent)) {
    const counterpart = counterparts(sent, stored, isSecret);
    return sent.map((each, index) =>
      keptValue(each, counterpart(each, index), isSecret, `${pointer}/${index}`),
    );
  }
  if (isObject(sent)) {
    const before = isObject(stored) ? stored : {};
    return Object.fromEntries(
      Object.entries(sent).map(([name, inner]) => {
        const was = Object.hasOwn(before, name) ? before[name] : undefined;
        const at = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
        return [name, keptValue(inner, was, isSecret || isSecretField(name, inner), at)];
      }),
    );
  }
  if (typeof sent !== 'string' || !isMask(sent, isSecret)) {
    return sent;
  }
  if ((typeof stored === 'string' || typeof stored === 'number') && shownLeaf(stored, isSecret) === sent) {
    return stored;
  }
  throw invalid(pointer, 'is the mask of a secret, and there is none here to keep: send the secret');
}

/** Whether a text is what is shown of a secret. */
const isMask = (text: string, isSecret: boolean): boolean =>
  isSecret ? text === masked : text.includes(`:${masked}@`) && hidePasswordsInUrls(text) === text;

/**
 * Finds the stored item that an item of a list was read as. @NOTE of items that look alike any may be the one, unless the list is as long
 * as it was: another one's secret is worse than none.
 */
function counterparts(
  sent: readonly unknown[],
  stored: unknown,
  isSecret: boolean,
): (item: unknown, index: number) => unknown {
  if (!Array.isArray(stored)) {
    return () => undefined;
  }
  const looks = stored.map((item) => JSON.stringify(shownValue(item, isSecret)));
  const withLook = Map.groupBy(stored.keys(), (index) => looks[index] ?? '');
  const isAsLong = sent.length === stored.length;
  return (item, index) => {
    const look = JSON.stringify(item);
    const [only, ...others] = withLook.get(look) ?? [];
    const isFound = only !== undefined && others.length === 0 && !(isAsLong && looks[index] === look);
    return isFound ? stored[only] : isAsLong ? stored[index] : undefined;
  };
}
