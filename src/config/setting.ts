import type { Kind } from './kinds.ts';

/** What a default may depend on. Where several hold, the first of this list that a setting knows counts. */
const allConditions = ['embedded', 'v1', 'debug', 'node-production'] as const;

export type Condition = (typeof allConditions)[number];

export type Conditions = ReadonlySet<Condition>;

export type Section =
  | 'service'
  | 'http'
  | 'database'
  | 'tokens'
  | 'passwords'
  | 'oidc'
  | 'passkeys'
  | 'mail'
  | 'operations'
  | 'tracing'
  | 'backup';

/** A setting as a reader sees it, whatever the type of its value. `description` is Markdown. */
export interface SettingDescription {
  /** The environment variable. A secret may also come from the file named in `<name>_FILE`. */
  readonly name: string;
  readonly section: Section;
  readonly secret: boolean;
  /** What may be written. */
  readonly expects: string;
  readonly description: string;
  /** A valid value, not the default. */
  readonly example: string;
  /** The usual default, without condition, then the others. Empty: the setting may be absent. */
  readonly defaults: readonly { readonly condition: Condition | undefined; readonly shown: string }[];
  /** What the lack of a value means, where there is no default. Markdown. */
  readonly absent: string;
}

/** What reading a text gave: its value, or a stand-in and a fault. `shown` masks secrets. */
export interface Outcome<T> {
  readonly value: T;
  readonly shown: string;
  /** The rest of a sentence that begins with the name of the setting. */
  readonly fault: string | undefined;
  /** The condition that chose the default, where one did. */
  readonly condition: Condition | undefined;
}

/** A setting whose value, default included, is a `T`. Without a text its default is read. */
export interface Setting<T> extends SettingDescription {
  readonly read: (text: string | undefined, conditions: Conditions) => Outcome<T>;
}

interface Words {
  readonly name: string;
  readonly section: Section;
  readonly description: string;
  readonly example: string;
}

/** A setting that always has a value. A default of `under` wins over the usual one where its condition holds. */
export function setting<T>(
  kind: Kind<T>,
  words: Words & {
    readonly default: NoInfer<T>;
    readonly under?: Readonly<Partial<Record<Condition, NoInfer<T>>>>;
  },
): Setting<T> {
  const { default: usual, under = {}, ...described } = words;
  const variants = allConditions.flatMap((condition) => {
    const value = under[condition];
    return value === undefined ? [] : [{ condition, value }];
  });
  return {
    ...described,
    secret: kind.secret,
    expects: kind.expects,
    absent: 'not set',
    defaults: [{ condition: undefined, value: usual }, ...variants].map(({ condition, value }) => ({
      condition,
      shown: kind.format(value),
    })),
    read: (text, conditions) => {
      const chosen = variants.find(({ condition }) => conditions.has(condition));
      const fallback = chosen ?? { condition: undefined, value: usual };
      return outcome(kind, text, fallback, kind.format(fallback.value));
    },
  };
}

/** A setting that may be absent; `absent` says in words, in Markdown, what that means. */
export function optionalSetting<T>(
  kind: Kind<T>,
  words: Words & { readonly absent: string },
): Setting<T | undefined> {
  return {
    ...words,
    secret: kind.secret,
    expects: kind.expects,
    defaults: [],
    read: (text) => outcome(kind, text, { condition: undefined, value: undefined }, plainText(words.absent)),
  };
}

function outcome<T, Fallback>(
  kind: Kind<T>,
  text: string | undefined,
  fallback: { readonly condition: Condition | undefined; readonly value: Fallback },
  shown: string,
): Outcome<T | Fallback> {
  if (text === undefined) {
    return { ...fallback, shown, fault: undefined };
  }
  const parsed = kind.parse(text);
  if (!parsed.ok) {
    return { ...fallback, shown, fault: parsed.fault };
  }
  return { value: parsed.value, shown: kind.format(parsed.value), fault: undefined, condition: undefined };
}

/** The words of one line of Markdown without its marks, for terminals and comments: no back-ticks, no targets of links. */
export function plainText(markdown: string): string {
  return markdown
    .replace(/\[([^\]]*)\]\((https?:[^)]*)\)/g, '$1 ($2)')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll('`', '');
}
