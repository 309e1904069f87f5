import { ApiError, invalid } from '../../platform/errors/api-error.ts';
import { type AlertMatch, patternsOf } from './alert-match.ts';
import { isFields, type JsonFields, pointerTo } from './json.ts';
import { stepsOf } from './patterns.ts';

/** Bytes of JSON that one configuration may have. */
const bytesMax = 65_536;
const weightMax = 262_144;
const agentWeightMax = 4 * 1024 * 1024;
/** What the explanation of a value comes to beside the pointer to it: where it is from. */
const bytesOfSource = 100;
/** What a step of a pattern counts for: an organization has some 100,000 of them at most, which an alert takes one by one. */
const bytesOfStep = 40;

export interface Weighed {
  readonly config: JsonFields;
  readonly match?: AlertMatch | null | undefined;
}

/**
 * How many bytes a configuration adds at most to an answer that is explained: its JSON, and for each of its values the pointer to it and where it is
 * from; and what its patterns take of the processor, as bytes. Throws 422 where that is too much: a long name above many members is told once for each of
 * them.
 */
export function weightOf({ config, match }: Weighed): number {
  const bytes = bytesOf(config);
  if (bytes > bytesMax) {
    throw invalid('/config', `must not be longer than ${bytesMax} bytes of JSON; it has ${bytes}`);
  }
  const told = bytes + explained(config, '');
  if (told > weightMax) {
    throw invalid(
      '/config',
      `has too many values under too long names: with the pointers to them it comes to ${told} bytes, of ${weightMax} at most`,
    );
  }
  const steps = patternsOf(match ?? {}).reduce((sum, [, pattern]) => sum + stepsOf(pattern), 0);
  const weight = told + steps * bytesOfStep;
  if (weight > weightMax) {
    throw invalid(
      '/match',
      `has patterns of ${steps} steps in all: with its config it comes to ${weight} bytes, of ${weightMax} at most; write less of them as patterns, or lists of words as a|b`,
    );
  }
  return weight;
}

/** What an agent configuration adds to such an answer. Throws 409 where it is too much to be explained: nothing bounds it when it is written. */
export function weightOfAgent(config: JsonFields): number {
  const weight = bytesOf(config) + explained(config, '');
  if (weight > agentWeightMax) {
    throw new ApiError('agent_config.too_large_to_explain');
  }
  return weight;
}

const bytesOf = (config: JsonFields): number => Buffer.byteLength(JSON.stringify(config));

function explained(fields: JsonFields, pointer: string): number {
  let bytes = bytesOfSource + Buffer.byteLength(pointer);
  for (const [name, value] of Object.entries(fields)) {
    const at = pointerTo(pointer, name);
    bytes += isFields(value) ? explained(value, at) : bytesOfSource + Buffer.byteLength(at);
  }
  return bytes;
}
