import { pluralize } from '../../platform/system/wording.ts';
import type { Entry, ItemResult } from './item.ts';

const boxes: Readonly<Record<ItemResult, string>> = {
  pass: '[x]',
  fail: '[!]',
  'needs-a-person': '[ ]',
};

/** A checklist for people: what is done, what is wrong, what they have to do themselves, and how it is all in all. */
export const renderChecklist = (entries: readonly Entry[]): string =>
  `${entries.map(renderEntry).join('')}\n${summary(entries)}\n`;

function renderEntry({ item, result, evidence, command, runbook }: Entry): string {
  const how = { pass: '', fail: ': FAILED', 'needs-a-person': ': needs a person' }[result];
  return [
    `${boxes[result]} ${item}${how}`,
    ...evidence.map((line) => `    ${line}`),
    ...(command === null ? [] : [`    do: ${command}`]),
    ...(runbook === null ? [] : [`    read: ${runbook}`]),
    '',
  ].join('\n');
}

/** `3 of 4 fine, 1 failed`. */
export function summary(entries: readonly Pick<Entry, 'result'>[]): string {
  const count = (result: ItemResult): number => entries.filter((entry) => entry.result === result).length;
  const failed = count('fail');
  const left = count('needs-a-person');
  return [
    `${count('pass')} of ${pluralize(entries.length, 'item')} fine`,
    ...(failed === 0 ? [] : [`${failed} failed`]),
    ...(left === 0 ? [] : [`${left} ${left === 1 ? 'needs' : 'need'} a person`]),
  ].join(', ');
}
