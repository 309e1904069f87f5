import { Counter, type Registry } from 'prom-client';

export type ToolOutcome = 'done' | 'refused';

/** What agents call through the Model Context Protocol. */
export function toolMetrics(registry: Registry) {
  const called = new Counter({
    name: 'mcp_tool_calls_total',
    help: 'Tools that were called at /mcp, by what came of it: done, or refused with what the agent is to do instead.',
    labelNames: ['tool', 'outcome'],
    registers: [registry],
  });
  return {
    /** @NOTE of names that there are alone: clients make no series. */
    toolCalled: (tool: string, outcome: ToolOutcome): void => called.inc({ tool, outcome }),
    toolsServed(tools: Iterable<string>): void {
      for (const tool of tools) {
        called.inc({ tool, outcome: 'done' }, 0);
        called.inc({ tool, outcome: 'refused' }, 0);
      }
    },
  };
}
