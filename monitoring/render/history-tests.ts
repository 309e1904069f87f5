import type { WholeHistory } from '../histories/whole-history.ts';
import { environmentLabel } from '../selectors.ts';
import { inProduction } from './noise.ts';
import { type PromtoolTest, type TestFile, testFile, type ValueExpectation } from './promtool.ts';

const page = /^(?<alertname>\w+)(?: level (?<level>\d))?(?: in (?<environment>\w+))?$/;

/** Everybody who is told with a severity at a minute, each once. */
function told(minute: number, severity: string, names: readonly string[], filter = ''): ValueExpectation {
  return {
    expr: `max by (${environmentLabel}, alertname, escalation_level) (ALERTS{alertstate="firing",severity="${severity}"${filter}})`,
    eval_time: `${minute}m`,
    exp_samples: names.map((name) => {
      const { alertname = '', level, environment = 'production' } = page.exec(name)?.groups ?? {};
      const escalation = level === undefined ? '' : `,escalation_level="${level}"`;
      return {
        labels: `{alertname="${alertname}",${environmentLabel}="${environment}"${escalation}}`,
        value: 1,
      };
    }),
  };
}

function historyTest(name: string, { series, pages, tickets }: WholeHistory): PromtoolTest {
  return {
    name,
    interval: '1m',
    input_series: Object.entries(series).map(([each, values]) => ({ series: inProduction(each), values })),
    promql_expr_test: [
      ...pages.flatMap(([from, to, ...names]) =>
        Array.from({ length: to - from + 1 }, (_, index) => told(from + index, 'critical', names)),
      ),
      ...(tickets === undefined
        ? []
        : [told(tickets.at, 'warning', tickets.names, ',alertname=~".*BudgetBurn"')]),
    ],
  };
}

/** All rules together, over whole histories. */
export const historyTests = (
  histories: Readonly<Record<string, WholeHistory>>,
  ruleFiles: readonly string[],
): TestFile =>
  testFile(
    ruleFiles,
    '30s',
    Object.entries(histories).map(([name, history]) => historyTest(name, history)),
  );
