import { expect, test } from 'vitest';
import { stepOf } from './group-step.ts';

const standing = { is_active: true, wanted: null, given: null, current: null };

test.each([
  ['a group gives', { wanted: 'member' }, { kind: 'add', role: 'member' }],
  [
    'a group gives more',
    { wanted: 'admin', given: 'member', current: 'member' },
    { kind: 'change', role: 'admin' },
  ],
  [
    'a group gives less',
    { wanted: 'viewer', given: 'admin', current: 'admin' },
    { kind: 'change', role: 'viewer' },
  ],
  ['no group gives any more', { given: 'admin', current: 'admin' }, { kind: 'remove' }],
  ['a group gives what they have', { wanted: 'member', given: 'member', current: 'member' }, undefined],
  ['they were put there by hand', { wanted: 'admin', current: 'viewer' }, undefined],
  ['they were put there by hand, and no group gives', { current: 'viewer' }, undefined],
  ['their role was changed by hand', { wanted: 'member', given: 'member', current: 'admin' }, undefined],
  ['their role was changed by hand, and the group is gone', { given: 'member', current: 'admin' }, undefined],
  ['they were taken out by hand, and the group gives', { wanted: 'member' }, { kind: 'add', role: 'member' }],
] as const)('where %s', (_, fields, step) => {
  expect(stepOf({ ...standing, ...fields })).toEqual(step);
});

test.each([
  ['adds nobody', { wanted: 'member' }, undefined],
  ['changes nobody', { wanted: 'admin', given: 'member', current: 'member' }, undefined],
  ['lets people out', { given: 'member', current: 'member' }, { kind: 'remove' }],
] as const)('an inactive team %s', (_, fields, step) => {
  expect(stepOf({ ...standing, ...fields, is_active: false })).toEqual(step);
});
