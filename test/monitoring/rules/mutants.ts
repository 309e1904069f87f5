import type { AlertRule } from '../../../monitoring/alert.ts';
import { type Duration, seconds } from '../../../monitoring/duration.ts';
import { type PromqlNode, parsePromql, type Token, tokenize } from '../../../monitoring/promql.ts';

/** Something changed, and what was. */
export interface Mutant<T> {
  readonly what: string;
  readonly of: T;
}

/** Half and double; of a share above a half, half and double of what is missing to the whole; of nothing, one. */
function otherNumbers(text: string): string[] {
  const number = Number(text);
  if (number === 0) {
    return ['1'];
  }
  const others =
    number > 0.5 && number < 1 ? [1 - (1 - number) / 2, 1 - (1 - number) * 2] : [number / 2, number * 2];
  return others.map(String);
}

const otherDurations = (text: string): Duration[] => [`${seconds(text) / 2}s`, `${seconds(text) * 2}s`];

/** What may stand in the place of a token. Matchers and labels are left out. */
function others({ kind, text }: Token): string[] {
  switch (kind) {
    case 'number':
      return otherNumbers(text);
    case 'duration':
      return otherDurations(text);
    case 'matcher':
    case 'label':
      return [''];
    default:
      return [];
  }
}

/** Whether the operands of a node are matched by all their labels: then a matcher of one holds for the other. */
const isJoin = (node: PromqlNode): boolean =>
  node.name === 'BinaryExpr' &&
  node.getChild('Or') === null &&
  node.getChild('MatchingModifierClause')?.getChild('On') == null;

/** The part of an expression around a position in which all selectors are joined. */
function joinAround(expr: string, position: number): PromqlNode {
  let node = parsePromql(expr).resolveInner(position, 1);
  let widest = node;
  while (node.parent !== null && node.parent.name !== 'AggregateExpr') {
    node = node.parent;
    widest = isJoin(node) ? node : widest;
    if (node.name === 'BinaryExpr' && !isJoin(node)) {
      return widest;
    }
  }
  return widest;
}

/**
 * An expression with one number, window, matcher or label changed, for each of them. In a join, where a matcher on either
 * side is enough, it is left out on both.
 */
export function exprMutants(expr: string): Mutant<string>[] {
  const tokens = tokenize(expr);
  return tokens.flatMap((token, index) => {
    const { from, to } = joinAround(expr, token.start);
    const same = tokens.filter(
      ({ kind, text, start, end }) => kind === 'matcher' && text === token.text && start >= from && end <= to,
    );
    const isRepeated = token.kind === 'matcher' && same.length > 1;
    if (isRepeated && tokens.indexOf(same[0] ?? token) !== index) {
      return [];
    }
    return others(token).map((other) => ({
      what: `${token.text} at ${token.start} -> ${other === '' ? 'nothing' : other}`,
      of: (isRepeated ? same : [token])
        .toReversed()
        .reduce((text, each) => replaced(text, each, other), expr),
    }));
  });
}

function replaced(expr: string, { start, end }: Token, other: string): string {
  const before = expr.slice(0, start);
  const after = expr.slice(end);
  return other === '' ? withoutComma(before, after) : before + other + after;
}

/** Without the comma that parted what was left out from its neighbours. */
const withoutComma = (before: string, after: string): string =>
  /^\s*,/.test(after) ? before + after.replace(/^\s*,\s*/, '') : before.replace(/,\s*$/, '') + after;

/** A rule of an alert with one of its figures changed, for each of them. */
export const ruleMutants = (rule: AlertRule): Mutant<AlertRule>[] => [
  ...exprMutants(rule.expr).map(({ what, of }) => ({ what, of: { ...rule, expr: of } })),
  ...waits(rule.for, 'for').map(({ what, of }) => ({ what, of: { ...rule, for: of } })),
  ...waits(rule.keepFiringFor, 'keep_firing_for').map(({ what, of }) => ({
    what,
    of: { ...rule, keepFiringFor: of },
  })),
  { what: 'severity', of: { ...rule, severity: rule.severity === 'warning' ? 'critical' : 'warning' } },
];

const waits = (wait: Duration | undefined, name: string): Mutant<Duration>[] =>
  wait === undefined ? [] : otherDurations(wait).map((of) => ({ what: `${name} ${wait} -> ${of}`, of }));
