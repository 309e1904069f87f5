/** What stands in the place of what must not be seen. */
const mask = '********';

/** Shorter ones tell nothing that is worth a guess, and would take whole words with them. */
const lengthMin = 4;

/** What is a secret by its form, whoever wrote it: the parts around it are kept. */
const forms: readonly (readonly [form: RegExp, replacement: string])[] = [
  [/(\b[a-z][a-z\d+.-]*:\/\/)[^\s/@"'\\]*:[^\s/"'\\]*@/gi, `$1${mask}@`],
  [/\b((?:Bearer|Basic)\s+)[\w.~+/=-]{8,}/gi, `$1${mask}`],
  [/\beyJ[\w-]{5,}\.[\w-]+\.[\w-]*/g, mask],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g, mask],
  [/AGE-SECRET-KEY-1[A-Z\d]+/g, mask],
  [/\$argon2\w*\$[^\s"]+/g, mask],
  [/SCRAM-SHA-256\$[^\s"]+/g, mask],
  [
    /(\b\w*(?:password|passwd|secret|token|api_?key|authorization|cookie)\w*"?\s*[:=]\s*"?)(?!\*{8})[^\s",;&}]{4,}/gi,
    `$1${mask}`,
  ],
  [/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, '<e-mail>'],
];

/** As a secret may be written: by itself, within JSON, within an address. */
const spellings = (secret: string): readonly string[] => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  encodeURIComponent(secret),
  Buffer.from(secret).toString('base64'),
];

/**
 * Takes out of a text whatever must not leave the house: the secrets of the configuration in any spelling, what is a secret by its
 * form, and e-mail addresses.
 */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const known = [...new Set(secrets.flatMap(spellings))]
    .filter(({ length }) => length >= lengthMin)
    // @NOTE a secret may be part of another one.
    .toSorted((a, b) => b.length - a.length);
  return (text) => {
    const withoutKnown = known.reduce((rest, secret) => rest.replaceAll(secret, mask), text);
    return forms.reduce((rest, [form, replacement]) => rest.replace(form, replacement), withoutKnown);
  };
}
