import { parser } from '@prometheus-io/lezer-promql';

/** A node of an expression as Prometheus' own grammar parses it. */
export type PromqlNode = ReturnType<typeof parser.parse>['topNode'];

/** A piece of an expression that means something to us; functions, brackets and operators are left out. */
export interface Token {
  readonly kind: 'metric' | 'label' | 'matcher' | 'number' | 'duration';
  readonly text: string;
  /** Where it stands in the expression. */
  readonly start: number;
  readonly end: number;
}

/** Variables of Grafana, which stand where a duration stands: `[$__rate_interval]`. */
const grafanaVariable = /(?<=\[)\$\w+/g;

/** The expression as a tree. Throws where it is no PromQL. Grafana's variables count as durations of the same length. */
export function parsePromql(expr: string): PromqlNode {
  const plain = expr.replace(grafanaVariable, (variable) => `${'1'.repeat(variable.length - 1)}s`);
  const tree = parser.parse(plain);
  tree.iterate({
    enter({ type, from }) {
      if (type.isError) {
        throw new Error(`no PromQL from "${expr.slice(from, from + 20)}" on: ${expr}`);
      }
    },
  });
  return tree.topNode;
}

const kinds: Readonly<Record<string, Token['kind']>> = {
  Identifier: 'metric',
  LabelName: 'label',
  UnquotedLabelMatcher: 'matcher',
  NumberDurationLiteral: 'number',
  NumberDurationLiteralInDurationContext: 'duration',
};

/** The tokens of a PromQL expression: what names a metric, what a label, and every number and duration. */
export function tokenize(expr: string): Token[] {
  const tokens: Token[] = [];
  parsePromql(expr)
    .cursor()
    .iterate(({ name, from: start, to: end }) => {
      const kind = kinds[name];
      const text = expr.slice(start, end);
      if (kind !== undefined && !text.startsWith('$')) {
        tokens.push({ kind, text, start, end });
      }
      // @NOTE a matcher is one piece: its label is no token of its own.
      return kind !== 'matcher';
    });
  return tokens;
}

/** The nodes of a kind below a node, in their order, itself included. */
export function nodesOf(node: PromqlNode, name: string): PromqlNode[] {
  const found: PromqlNode[] = [];
  node.cursor().iterate((each) => {
    if (each.name === name) {
      found.push(each.node);
    }
  });
  return found;
}

/** The expression with one more matcher in each selector. */
export function withMatcher(expr: string, matcher: string): string {
  return nodesOf(parsePromql(expr), 'VectorSelector')
    .reverse()
    .reduce((text, selector) => {
      const matchers = selector.getChild('LabelMatchers');
      const at = matchers === null ? selector.to : matchers.from + 1;
      const inserted =
        matchers === null ? `{${matcher}}` : matchers.firstChild === null ? matcher : `${matcher},`;
      return text.slice(0, at) + inserted + text.slice(at);
    }, expr);
}

const names = (expr: string, kind: Token['kind']): string[] =>
  tokenize(expr)
    .filter((token) => token.kind === kind)
    .map(({ text }) => text);

/** The metrics that an expression reads. */
export const metricsOf = (expr: string): string[] => [...new Set(names(expr, 'metric'))];

/** The labels that an expression selects or groups by. */
export const labelsOf = (expr: string): string[] => [
  ...new Set([...names(expr, 'label'), ...names(expr, 'matcher').map(labelOf)]),
];

/** The label that a matcher is about: `job` of `job="x"`. */
export const labelOf = (matcher: string): string => /^\w+/.exec(matcher)?.[0] ?? '';
