import type { ApiError } from '../../platform/errors/api-error.ts';
import { createValidatorCompiler } from '../../platform/http/validation.ts';
import { incidentTools } from './incident-tools.ts';
import { configurationTools, statTools, teamTools, whoAmITool } from './other-tools.ts';
import { resourceOperations } from './resources.ts';
import { type Tool, ToolFault } from './tool.ts';

/** A tool that is ready: its arguments are looked at before it is called. */
export interface ReadyTool {
  readonly tool: Tool;
  /** Throws ToolFault with what is wrong. */
  check(given: unknown): void;
}

/** In the order in which a model reads them. */
const tools: readonly Tool[] = [
  whoAmITool,
  ...teamTools,
  ...incidentTools,
  ...configurationTools,
  ...statTools,
];

/** All tools by name. Throws where one, or a resource, names an operation that there is not. */
export function readyTools(operations: {
  has(operationId: string): boolean;
}): ReadonlyMap<string, ReadyTool> {
  const missing = [...tools.flatMap((tool) => tool.operations), ...resourceOperations].filter(
    (operation) => !operations.has(operation),
  );
  if (missing.length > 0) {
    throw new Error(`tools name operations that there are not: ${missing.join(', ')}`);
  }
  const compile = createValidatorCompiler();
  return new Map(
    tools.map((tool) => {
      const validate = compile({ schema: tool.input, httpPart: 'body', method: 'POST', url: tool.name });
      const check = (given: unknown): void => {
        const { error } = validate(given) as { readonly error?: ApiError };
        if (error !== undefined) {
          const faults = error.faults.map(({ pointer, message }) => `${pointer} ${message}`);
          throw new ToolFault(422, `Arguments that do not fit: ${faults.join('; ')}.`);
        }
      };
      return [tool.name, { tool, check }];
    }),
  );
}
