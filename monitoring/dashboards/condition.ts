import { parsePromql } from '../promql.ts';

/** What a rule compares: `left operator right`. */
export interface Condition {
  readonly left: string;
  readonly operator: string;
  readonly right: string;
  /** The right side where it is a number or a product of numbers, in the unit of the left side. */
  readonly threshold: number | undefined;
}

const comparisons = new Set(['Eql', 'Neq', 'Gtr', 'Lss', 'Gte', 'Lte']);
const joins = new Set(['And', 'Or', 'Unless']);

/** The first comparison of an expression that stands in no bracket; undefined where there is none. */
export function conditionOf(expr: string): Condition | undefined {
  let node = parsePromql(expr).firstChild;
  while (node?.name === 'BinaryExpr') {
    const left = node.firstChild;
    const operator = left?.nextSibling;
    const right = node.lastChild;
    if (comparisons.has(operator?.name ?? '') && node.getChild('BoolModifier') === null) {
      const [leftText = '', sign = '', rightText = ''] = [left, operator, right].map((each) =>
        expr.slice(each?.from, each?.to),
      );
      return { left: leftText, operator: sign, right: rightText, threshold: product(rightText) };
    }
    node = joins.has(operator?.name ?? '') ? (left ?? null) : null;
  }
  return undefined;
}

function product(text: string): number | undefined {
  const factors = text.split(' * ').map(Number);
  // @NOTE twelve digits: 14.4 * 0.001 is 0.0144, not 0.014400000000000001.
  return factors.some(Number.isNaN)
    ? undefined
    : Number(factors.reduce((value, factor) => value * factor).toPrecision(12));
}
