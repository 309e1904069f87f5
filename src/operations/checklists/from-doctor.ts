import { couldNotLook, type Diagnosis } from '../doctor/index.ts';
import { fail, needsPerson, pass, type Verdict } from './item.ts';

/** What findings of doctor mean for an item: any is a failure; where nothing could be looked at, a person must. */
export function fromDiagnoses(diagnoses: readonly Diagnosis[], further: readonly string[] = []): Verdict {
  const found = diagnoses.filter(({ severity }) => severity === 'critical' || severity === 'warning');
  const seen = diagnoses.filter(({ severity }) => severity === 'ok');
  const missed = diagnoses.filter(({ severity }) => severity === 'unknown');
  const missedLines = missed.length === 0 ? [] : [couldNotLook(missed)];
  const [worst] = found;
  if (worst !== undefined) {
    return fail(
      [...told(found), ...missedLines, ...further],
      found.map(({ remedy }) => remedy).find((remedy) => remedy !== null) ?? 'brownie doctor',
      worst.runbook,
    );
  }
  return seen.length === 0 || missed.length > 0
    ? needsPerson(
        [...missedLines, ...seen.map(({ finding }) => finding), ...further],
        missed.map(({ remedy }) => remedy).find((remedy) => remedy !== null) ?? 'brownie doctor',
        missed[0]?.runbook,
      )
    : pass([...told(seen), ...further]);
}

const told = (diagnoses: readonly Diagnosis[]): readonly string[] =>
  diagnoses.flatMap(({ finding, evidence }) => [finding, ...evidence.map((line) => `  ${line}`)]);
