import type { Diagnosis } from '../doctor/index.ts';
import { fail, needsPerson, pass, type Verdict } from './item.ts';

/** What findings of doctor mean for an item: any is a failure; where nothing could be looked at, a person must. */
export function fromDiagnoses(diagnoses: readonly Diagnosis[], further: readonly string[] = []): Verdict {
  const found = diagnoses.filter(({ severity }) => severity === 'critical' || severity === 'warning');
  const seen = diagnoses.filter(({ severity }) => severity === 'ok');
  const missed = diagnoses.filter(({ severity }) => severity === 'unknown');
  const missedLines = missed.map(({ check, finding }) => `${check} could not look: ${finding}`);
  if (found.length > 0) {
    return fail(
      [
        ...found.flatMap(({ finding, evidence }) => [finding, ...evidence.map((line) => `  ${line}`)]),
        ...further,
      ],
      found.map(({ remedy }) => remedy).find((remedy) => remedy !== null) ?? 'brownie doctor',
    );
  }
  return seen.length === 0 || missed.length > 0
    ? needsPerson(
        [...missedLines, ...seen.map(({ finding }) => finding), ...further],
        missed.map(({ remedy }) => remedy).find((remedy) => remedy !== null) ?? 'brownie doctor',
      )
    : pass([
        ...seen.flatMap(({ finding, evidence }) => [finding, ...evidence.map((line) => `  ${line}`)]),
        ...further,
      ]);
}
