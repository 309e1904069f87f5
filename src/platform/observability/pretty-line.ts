/** A color or weight of `util.styleText`. */
export type Style = 'gray' | 'green' | 'yellow' | 'red' | 'bgRed';

/** Sets a text in a style; or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

/** The levels of the operations guide, in lower case as in every line of the log, and their colors. */
const styles: Readonly<Record<string, Style>> = {
  debug: 'gray',
  info: 'green',
  warning: 'yellow',
  error: 'red',
  critical: 'bgRed',
};

/** What has a place of its own in a line, or none. */
const placed: ReadonlySet<string> = new Set(['timestamp', 'level', 'logger', 'message']);

/** Says which one it was, and not what happened: behind what does. The first is worth the most. */
const identifying: readonly string[] = ['request_id', 'user_id', 'client_address', 'trace_id', 'span_id'];

/** Columns of a terminal that access lines fit: what is left of their ids is in the JSON of every other destination. */
const columns = 120;

/** Fastify's word for an error, and ours. */
const isError = (name: string): boolean => name === 'error' || name === 'err';

type LogLine = Readonly<Record<string, unknown>>;

/**
 * A line of the log for people. Date and local time come first, so that the log of a day can be read there, then the level and
 * what happened; a request in one line of at most 120 columns.
 */
export function prettyLine(log: LogLine, paint: Paint): string {
  const level = String(log['level']);
  const head = `${localTime(String(log['timestamp']))} ${level.toUpperCase()}: `;
  const text =
    log['logger'] === 'brownie.access' ? accessText(log, head.length, paint) : lineText(log, paint);
  return head.replace(level.toUpperCase(), (word) => paint(styles[level] ?? 'gray', word)) + text;
}

/** `2026-11-25 18:01:33.436` where the clock of the machine says so. */
function localTime(timestamp: string): string {
  const time = new Date(timestamp);
  const local = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 23).replace('T', ' ');
}

/** `GET /api/v1/auth/me 401 3.2 ms auth.unauthenticated`, then the id of the request and as many others as fit. */
function accessText(log: LogLine, used: number, paint: Paint): string {
  const duration = Number(log['duration_ms']);
  const parts = [log['method'], log['endpoint'], log['status_code'], `${duration.toFixed(1)} ms`];
  const aborted = log['status_code'] === 499 ? ['aborted by the client'] : [];
  const code = log['error_code'] === undefined ? [] : [log['error_code']];
  const text = printable([...parts, ...aborted, ...code].join(' '));
  let ids = '';
  for (const name of identifying.filter((each) => log[each] !== undefined)) {
    const label = name === 'request_id' ? '' : `${name}=`;
    const id = ` ${printable(`${label}${fieldText(log[name])}`)}`;
    ids += used + text.length + ids.length + id.length > columns ? '' : id;
  }
  return ids === '' ? text : `${text}${paint('gray', ids)}`;
}

/** The message, then its fields (`status_code=200`), ids last, then what an error says, on lines of its own. */
function lineText(log: LogLine, paint: Paint): string {
  const isId = (name: string): number => Number(identifying.includes(name));
  const fields = Object.entries(log)
    .filter(([name]) => !placed.has(name))
    .toSorted(([a], [b]) => isId(a) - isId(b));
  const plain = fields.flatMap(([name, value]) => (isError(name) ? [] : [`${name}=${fieldText(value)}`]));
  const errors = fields.flatMap(([name, value]) => (isError(name) ? errorLines(value, '') : []));
  const message = printable(String(log['message'] ?? ''));
  const first = plain.length === 0 ? message : `${message} ${paint('gray', printable(plain.join(' ')))}`;
  return [first, ...errors.map((line) => paint('gray', line))].join('\n    ');
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
