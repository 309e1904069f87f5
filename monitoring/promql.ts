/** A piece of an expression that means something to us; brackets, commas and operators are left out. */
export interface Token {
  readonly kind: 'metric' | 'label' | 'matcher' | 'number' | 'duration' | 'word';
  readonly text: string;
  /** Where it stands in the expression. */
  readonly start: number;
  readonly end: number;
}

const keywords = new Set(
  'and or unless by without on ignoring group_left group_right offset bool inf nan'.split(' '),
);
const grouping = new Set(['by', 'without', 'on', 'ignoring', 'group_left', 'group_right']);
const piece =
  /(?<string>"(?:[^"\\]|\\.)*")|(?<duration>\d+(?:ms|[smhdwy])\b)|(?<number>\d+(?:\.\d+)?(?:e[+-]?\d+)?)|(?<name>[A-Za-z_][\w:]*|\$\w+)|(?<sign>[{}()[\]]|[=!]~|!=|[<>=]=?)|./gs;

/** The tokens of a PromQL expression: what names a metric, what a label, and every number and duration. */
export function tokenize(expr: string): Token[] {
  const tokens: Token[] = [];
  let isInBraces = false;
  let isInGrouping = false;
  let lastWord = '';
  for (const match of expr.matchAll(piece)) {
    const { duration, number, name, sign } = match.groups ?? {};
    const at = { start: match.index, end: match.index + match[0].length };
    if (sign === '{' || sign === '}') {
      isInBraces = sign === '{';
    } else if (sign === '(') {
      isInGrouping = grouping.has(lastWord);
    } else if (sign === ')') {
      isInGrouping = false;
    } else if (name !== undefined && isInBraces) {
      const [matcher = name] = /^\w+\s*(?:=~|!~|!=|=)\s*"(?:[^"\\]|\\.)*"/.exec(expr.slice(at.start)) ?? [];
      tokens.push({ kind: 'matcher', text: matcher, start: at.start, end: at.start + matcher.length });
    } else if (name !== undefined && !name.startsWith('$')) {
      tokens.push({ kind: nameKind(name, isInGrouping, expr.slice(at.end)), text: name, ...at });
    } else if (duration !== undefined || number !== undefined) {
      tokens.push({ kind: duration === undefined ? 'number' : 'duration', text: match[0], ...at });
    }
    lastWord = name ?? (match[0].trim() === '' ? lastWord : '');
  }
  return tokens;
}

function nameKind(name: string, isInGrouping: boolean, rest: string): Token['kind'] {
  if (isInGrouping) {
    return 'label';
  }
  return keywords.has(name) || /^\s*\(/.test(rest) || aggregatesBy(name, rest) ? 'word' : 'metric';
}

/** `sum by (le) (…)`: a function, though its bracket comes later. */
const aggregatesBy = (name: string, rest: string): boolean =>
  /^\s+(by|without)\b/.test(rest) && !keywords.has(name);

const names = (expr: string, kind: Token['kind']): string[] =>
  tokenize(expr)
    .filter((token) => token.kind === kind)
    .map(({ text }) => text);

/** The metrics that an expression reads. */
export const metricsOf = (expr: string): string[] => [...new Set(names(expr, 'metric'))];

/** The labels that an expression selects or groups by. */
export const labelsOf = (expr: string): string[] => [
  ...new Set([
    ...names(expr, 'label'),
    ...names(expr, 'matcher').map((text) => /^\w+/.exec(text)?.[0] ?? ''),
  ]),
];
