import type { Entry, ItemResult } from './item.ts';

const boxes: Readonly<Record<ItemResult, string>> = {
  pass: '[x]',
  fail: '[!]',
  'needs-a-person': '[ ]',
};

/** A checklist for people: what is done, what is wrong, and what they have to do themselves. */
export const renderChecklist = (entries: readonly Entry[]): string =>
  entries
    .map(({ item, result, evidence, command }) =>
      [
        `${boxes[result]} ${item}${result === 'pass' ? '' : `: ${result === 'fail' ? 'FAILED' : 'needs a person'}`}`,
        ...evidence.map((line) => `    ${line}`),
        ...(command === null ? [] : [`    do: ${command}`]),
        '',
      ].join('\n'),
    )
    .join('');
