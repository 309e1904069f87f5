/** Colors a part of a line that matters less. */
type Dim = (text: string) => string;

/** What has a place of its own in a line, or none. */
const placed: ReadonlySet<string> = new Set(['timestamp', 'level', 'logger', 'message']);

/** Says which one it was, and not what happened: behind what does. */
const identifying: ReadonlySet<string> = new Set([
  'client_address',
  'user_id',
  'request_id',
  'trace_id',
  'span_id',
]);

/** Fastify's word for an error, and ours. */
const isError = (name: string): boolean => name === 'error' || name === 'err';

/**
 * What stands behind date and level in a log line for people: the message, then its fields (`status_code=200`), ids last,
 * then what an error says, on lines of its own.
 */
export function prettyLine(log: Readonly<Record<string, unknown>>, dim: Dim): string {
  const fields = Object.entries(log)
    .filter(([name]) => !placed.has(name))
    .toSorted(([a], [b]) => Number(identifying.has(a)) - Number(identifying.has(b)));
  const plain = fields.flatMap(([name, value]) => (isError(name) ? [] : [`${name}=${fieldText(value)}`]));
  const errors = fields.flatMap(([name, value]) => (isError(name) ? errorLines(value, '') : []));
  const message = printable(String(log['message'] ?? ''));
  const first = plain.length === 0 ? message : `${message} ${dim(printable(plain.join(' ')))}`;
  return [first, ...errors.map(dim)].join('\n    ');
}

/** Bare where it reads as one word; else as JSON, which has no line breaks. */
const fieldText = (value: unknown): string =>
  typeof value === 'string' && /^[^\s"'=]+$/.test(value) ? value : JSON.stringify(value);

/** An error as the log has it, and its causes: the stack, and what else is known of it. */
function errorLines(error: unknown, introduction: string): readonly string[] {
  if (typeof error !== 'object' || error === null) {
    return [`${introduction}${fieldText(error)}`];
  }
  const { stack, type, message, cause, errors, ...more }: Record<string, unknown> = { ...error };
  const [name, words] = [String(type), message === undefined ? '' : `: ${String(message)}`];
  const text = typeof stack === 'string' ? stack : `${name}${words}`;
  return [
    ...printable(`${introduction}${text}`).split('\n'),
    ...Object.entries(more).map(([name, value]) => printable(`  ${name}=${fieldText(value)}`)),
    ...(Array.isArray(errors) ? errors.flatMap((each) => errorLines(each, 'one of it: ')) : []),
    ...(cause === undefined ? [] : errorLines(cause, 'caused by: ')),
  ];
}

/** @NOTE a text may come from outside, and must not steer the terminal: no control characters but tab and line break. */
const printable = (text: string): string =>
  text.replace(/\p{Cc}/gu, (character) => (character === '\t' || character === '\n' ? character : ''));
