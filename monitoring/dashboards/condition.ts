/** What a rule compares: `left operator right`. */
export interface Condition {
  readonly left: string;
  readonly operator: string;
  readonly right: string;
  /** The right side where it is a number or a product of numbers, in the unit of the left side. */
  readonly threshold: number | undefined;
}

const operator = /^ (>=|<=|==|!=|>|<) (?!bool\b)/;

/** The first comparison of an expression that stands in no bracket; undefined where there is none. */
export function conditionOf(expr: string): Condition | undefined {
  let depth = 0;
  for (let at = 0; at < expr.length; at += 1) {
    const [match, sign = ''] = operator.exec(expr.slice(at)) ?? [];
    if (depth === 0 && match !== undefined) {
      const [right = ''] = expr.slice(at + match.length).split('\n');
      return { left: expr.slice(0, at), operator: sign, right, threshold: product(right) };
    }
    depth += depthChange(expr[at] ?? '');
  }
  return undefined;
}

const depthChange = (character: string): number =>
  '([{'.includes(character) ? 1 : ')]}'.includes(character) ? -1 : 0;

function product(text: string): number | undefined {
  const factors = text.split(' * ').map(Number);
  // @NOTE twelve digits: 14.4 * 0.001 is 0.0144, not 0.014400000000000001.
  return factors.some(Number.isNaN)
    ? undefined
    : Number(factors.reduce((value, factor) => value * factor).toPrecision(12));
}
